"""The tables of the sales service: products and their classes, stages, opportunities, quotes."""

from services.sales.model.base import Base
from services.sales.model.comment import Comment
from services.sales.model.opportunity import Opportunity, Stage
from services.sales.model.product import Product, ProductClass
from services.sales.model.quote import Quote, QuoteLine

__all__ = ["Base", "Comment", "Opportunity", "Product", "ProductClass", "Quote", "QuoteLine", "Stage"]
