"""The tables of the service desk."""

from services.service_desk.model.article import Article
from services.service_desk.model.base import Base
from services.service_desk.model.catalogue import Problem, ServiceLevel
from services.service_desk.model.comment import Comment
from services.service_desk.model.deal_handover import DealHandover
from services.service_desk.model.ticket import Reply, Ticket, class_line

__all__ = [
    "Article", "Base", "Comment", "DealHandover", "Problem", "Reply", "ServiceLevel", "Ticket", "class_line",
]  # fmt: skip
