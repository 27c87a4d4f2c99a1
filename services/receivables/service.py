"""The doors of the service receivables."""

from __future__ import annotations

from chassis import own_values
from chassis.service import Service, command, daily, every, query, reaction
from contracts.customer import (
    ContactListed,
    CustomerListed,
    LifecycleStageListed,
    OwnRecordListed,
    SegmentListed,
)
from contracts.notification import WebhookListed
from contracts.organization import (
    BranchListed,
    ChoiceListed,
    DepartmentListed,
    FormListed,
    OwnChoiceListed,
    OwnFieldListed,
    RoleListed,
    StaffListed,
)
from contracts.receivables import ReceivablesRecordsChanged
from contracts.sales import OpportunityListed, ProductListed, QuoteListed
from services.receivables import model, reactions
from services.receivables.actions import contract, ends, payment, receivable
from services.receivables.queries import books, customer, purchases
from services.receivables.queries import contract as papers
from services.receivables.queries import receivable as balances


class ReceivablesService(Service):
    """Contracts and the money they bring: from the draft to the last payment."""

    name = "receivables"
    entities = (model.Contract, model.Receivable, model.Instalment, model.Payment, model.Comment)
    tells_changes_by = ReceivablesRecordsChanged
    follows = (
        WebhookListed,
        BranchListed, DepartmentListed, StaffListed, RoleListed, ChoiceListed, FormListed, OwnFieldListed, OwnChoiceListed, OwnRecordListed, CustomerListed, ContactListed, LifecycleStageListed, SegmentListed,
        OpportunityListed, QuoteListed, ProductListed,
    )  # fmt: skip

    plan_contract = command(contract.plan_contract)
    submit_contract = command(contract.submit_contract)
    approve_contract = command(contract.approve_contract)
    reject_contract = command(contract.reject_contract)
    sign_contract = command(contract.sign_contract)
    execute_contract = command(contract.execute_contract)
    complete_contract = command(contract.complete_contract)
    cancel_contract = command(contract.cancel_contract)
    hand_over_contract = command(contract.hand_over_contract)

    record_payment = command(payment.record_payment)
    pay_receivable = command(payment.pay_receivable)
    pay_off_receivable = command(payment.pay_off_receivable)
    pay_off_instalment = command(payment.pay_off_instalment)
    reverse_payment = command(payment.reverse_payment)
    run_chase_overdue = command(receivable.run_chase_overdue)

    per_rep = query(balances.per_rep, permission="receivable.read")
    customer_file = query(customer.customer_file, permission=None)
    purchases = query(purchases.purchases, permission="contract.read")
    contract_paper = query(papers.contract_paper, permission="contract.read")
    check_books = query(books.check_books)

    draft_contract = reaction(reactions.draft_contract)
    drop_draft = reaction(reactions.drop_draft)
    take_over_contract = reaction(reactions.take_over_contract)
    take_back_contract = reaction(reactions.take_back_contract)
    hand_over_contracts = reaction(reactions.hand_over_contracts)
    follow_merge = reaction(reactions.follow_merge)
    follow_unmerge = reaction(reactions.follow_unmerge)

    mark_overdue = every(600, receivable.mark_overdue)
    chase_overdue = daily("06:00", receivable.chase_overdue)
    remind_of_ends = daily("06:10", ends.remind_of_ends)
    prove_books = daily("03:00", books.prove_books)
    drop_own_values = reaction(own_values.drop)
