"""Making knowledge known, and taking it back."""

from __future__ import annotations

from chassis.work import Work
from contracts.message import Act
from contracts.service_desk import ArticlePublished, ArticleWithdrawn
from services.service_desk import model


def publish_article(work: Work, message: Act) -> model.Article:
    """Colleagues find it from now on."""
    article = work.get(model.Article, message.id, message.ver)
    article.publish(work.now)
    work.emit(ArticlePublished.of(article))
    return article


def withdraw_article(work: Work, message: Act) -> model.Article:
    """It is wrong or out of date: nobody finds it any more."""
    article = work.get(model.Article, message.id, message.ver)
    article.withdraw(work.now)
    work.emit(ArticleWithdrawn.of(article))
    return article
