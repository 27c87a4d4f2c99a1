"""Who may do what: the roles as they are shipped. Administrators change them on the role's page.

One line for each permission, one column for each role: `own` her own rows, `team` also those of people below her,
`dept` also those of her department and the ones below it, `branch`, `all`; `-` not at all. The widest that applies counts.
"""

from __future__ import annotations

from contracts.actor import Scope

NAMES: dict[str, tuple[str, str]] = {
    "rep": ("销售代表", "Sales representative"),
    "sales_manager": ("销售经理", "Sales manager"),
    "marketing": ("市场专员", "Marketing"),
    "service_engineer": ("服务工程师", "Service engineer"),
    "service_manager": ("服务经理", "Service manager"),
    "accountant": ("会计", "Accountant"),
    "general_manager": ("总经理", "General manager"),
    "administrator": ("系统管理员", "Administrator"),
}
"""Code → Chinese and English name, in the order of the columns below."""

TABLE = """
permission                              rep    mgr    mkt    eng    svm    acc    gm     admin

organization.branch.read                all    all    all    all    all    all    all    all
organization.department.read            all    all    all    all    all    all    all    all
organization.staff.read                 all    all    all    all    all    all    all    all
organization.choice.read                all    all    all    all    all    all    all    all
organization.role.read                  -      -      -      -      -      -      all    all
organization.saved_view.*               own    own    own    own    own    own    own    own
organization.own_field.read             all    all    all    all    all    all    all    all
organization.own_choice.read            all    all    all    all    all    all    all    all
organization.own_object.read            all    all    all    all    all    all    all    all
organization.export.*                   own    own    own    own    own    own    own    own
organization.cancel_export              own    own    own    own    own    own    own    own
organization.*                          -      -      -      -      -      -      -      all

customer.lead.*                         own    dept   all    -      -      -      all    -
customer.lead.read                      own    dept   all    -      -      -      all    all
customer.lead.import                    -      dept   all    -      -      -      all    all
customer.*_lead                         own    dept   all    -      -      -      all    -
customer.customer.*                     own    dept   -      -      -      -      all    -
customer.customer.read                  own    dept   branch branch branch all    all    all
customer.customer.import                -      dept   -      -      -      -      all    all
customer.hand_over_customer             -      dept   -      -      -      -      all    -
customer.classify_customer              -      dept   -      -      -      -      all    -
customer.declassify_customer            -      dept   -      -      -      -      all    -
customer.contact.*                      own    dept   -      branch branch -      all    -
customer.contact.read                   own    dept   branch branch branch all    all    all
customer.contact.import                 -      dept   -      -      -      -      all    all
customer.change_job_contact             own    dept   -      branch branch -      all    -
customer.sell_privately_contact         own    dept   -      -      -      -      all    -
customer.stakeholder.*                  own    dept   -      -      -      -      all    -
customer.stakeholder.read               own    dept   branch branch branch all    all    all
customer.contact_link.*                 own    dept   -      -      -      -      all    -
customer.contact_link.read              own    dept   branch branch branch all    all    all
customer.employment.*                   own    dept   -      -      -      -      all    -
customer.employment.read                own    dept   branch branch branch all    all    all
customer.wish.*                         own    dept   -      branch branch -      all    -
customer.wish.read                      own    dept   branch branch branch all    all    all
customer.former_contract.read            own    dept   branch branch branch all    all    all
customer.former_contract.export          own    dept   -      -      -      all    all    -
customer.activity.*                     own    dept   own    own    team   own    all    -
customer.activity.read                  own    dept   own    own    team   own    all    all
customer.*_activity                     own    dept   own    own    team   own    all    -
customer.web_form.read                  own    dept   all    -      -      -      all    all
customer.web_form.*                     -      -      all    -      -      -      -      all
customer.set_credit_customer            -      -      -      -      -      all    all    -
customer.release_customer               own    dept   -      -      -      -      all    -
customer.pick_customer                  own    dept   -      -      -      -      all    -
customer.pool                           own    dept   all    -      -      -      all    all
customer.reminder_rule.read             all    all    all    all    all    all    all    all
customer.reminder_rule.*                -      -      -      -      -      -      all    all
customer.birthday_rule.read             all    all    all    all    all    all    all    all
customer.set_birthday_days              own    own    own    own    own    own    own    own
customer.birthday_rule.*                -      -      -      -      -      -      all    all
customer.point_rule.read                all    all    all    all    all    all    all    all
customer.point_rule.*                   -      -      -      -      -      -      all    all
customer.points                         own    dept   own    own    team   own    all    all
customer.staff_trail                    -      dept   -      -      team   -      all    -
customer.pool_rule.read                 all    all    all    -      -      -      all    all
customer.pool_rule.*                    -      all    -      -      -      -      all    all
customer.value_rule.read                all    all    all    -      -      -      all    all
customer.value_rule.*                   -      -      -      -      -      -      all    all
customer.value_dimension.read           all    all    all    all    all    all    all    all
customer.value_dimension.*              -      -      -      -      -      -      all    all
customer.value_indicator.read           all    all    all    -      -      -      all    all
customer.value_indicator.*              -      -      -      -      -      -      all    all
customer.value                          own    dept   branch branch branch all    all    all
customer.ladder_report.read              -      all    all    -      -      -      all    all
customer.ladder_report.*                 -      -      -      -      -      -      all    all
customer.contact_rhythm.read             all    all    all    all    all    all    all    all
customer.contact_rhythm.*                -      -      -      -      -      -      all    all
customer.lifecycle_stage.read            all    all    all    all    all    all    all    all
customer.lifecycle_stage.*               -      -      -      -      -      -      all    all
customer.mark_customer                  own    dept   -      -      -      -      all    -
customer.unmark_customer                own    dept   -      -      -      -      all    -
customer.lifecycle                      own    dept   branch branch branch all    all    all
customer.ladder                         own    dept   branch branch branch all    all    all
customer.preview_value_rules            -      all    -      -      -      -      all    all
customer.apply_value_rules              -      -      -      -      -      -      all    all
customer.segment.*                      own    dept   own    -      -      -      all    -
customer.segment.read                   all    all    all    all    all    all    all    all
customer.gather_segment                 own    dept   own    -      -      -      all    -
customer.resource_plan.*                -      dept   -      -      -      -      all    -
customer.resource_plan.read             own    dept   -      -      -      -      all    all
customer.similar                        all    all    all    all    all    all    all    all
customer.calendar                       own    dept   own    own    team   own    all    all
customer.my_day                         own    own    own    own    own    own    own    own
customer.customer_file                  own    dept   branch branch branch all    all    all

sales.product_class.read                all    all    all    all    all    all    all    all
sales.product.read                      all    all    all    all    all    all    all    all
sales.stage.read                        all    all    all    all    all    all    all    all
sales.product_class.*                   -      -      all    -      -      -      all    all
sales.product.*                         -      -      all    -      -      -      all    all
sales.stage.*                           -      -      -      -      -      -      all    all
sales.opportunity.*                     own    dept   -      -      -      -      all    -
sales.opportunity.read                  own    dept   branch -      branch all    all    all
sales.*_opportunity                     own    dept   -      -      -      -      all    -
sales.quote.*                           own    dept   -      -      -      -      all    -
sales.quote.read                        own    dept   -      -      -      all    all    all
sales.submit_quote                      own    dept   -      -      -      -      all    -
sales.send_quote                        own    dept   -      -      -      -      all    -
sales.accept_quote                      own    dept   -      -      -      -      all    -
sales.decline_quote                     own    dept   -      -      -      -      all    -
sales.withdraw_quote                    own    dept   -      -      -      -      all    -
sales.revise_quote                      own    dept   -      -      -      -      all    -
sales.approve_quote                     -      dept   -      -      -      -      all    -
sales.reject_quote                      -      dept   -      -      -      -      all    -
sales.board                             own    dept   branch -      -      all    all    all
sales.forecast                          own    dept   branch -      -      all    all    all
sales.pipeline                          own    dept   branch -      -      all    all    all
sales.staff_trail                       -      dept   -      -      -      -      all    -
sales.quote_trail                       own    dept   -      -      branch all    all    all
sales.customer_file                     own    dept   branch branch branch all    all    all

receivables.contract.read               own    dept   -      branch branch all    all    all
receivables.contract.create             own    dept   -      -      -      all    all    -
receivables.contract.update             own    dept   -      -      -      all    all    -
receivables.contract.archive            -      dept   -      -      -      all    all    -
receivables.contract.import             -      -      -      -      -      all    all    all
receivables.contract.export             -      dept   -      -      -      all    all    all
receivables.plan_contract               own    dept   -      -      -      all    all    -
receivables.submit_contract             own    dept   -      -      -      all    all    -
receivables.sign_contract               own    dept   -      -      -      all    all    -
receivables.overrule_credit             -      -      -      -      -      -      all    -
receivables.execute_contract            own    dept   -      branch branch all    all    -
receivables.complete_contract           -      dept   -      -      branch all    all    -
receivables.cancel_contract             -      dept   -      -      -      all    all    -
receivables.hand_over_contract          -      dept   -      -      -      -      all    -
receivables.approve_contract            -      dept   -      -      -      -      all    -
receivables.reject_contract             -      dept   -      -      -      -      all    -
receivables.receivable.*                -      -      -      -      -      all    all    -
receivables.receivable.read             own    dept   -      -      -      all    all    all
receivables.instalment.*                -      -      -      -      -      all    all    -
receivables.instalment.read             own    dept   -      -      -      all    all    all
receivables.payment.*                   -      -      -      -      -      all    all    -
receivables.payment.read                own    dept   -      -      -      all    all    all
receivables.pay_receivable              -      -      -      -      -      all    -      -
receivables.pay_off_receivable          -      -      -      -      -      all    -      -
receivables.pay_off_instalment          -      -      -      -      -      all    -      -
receivables.record_payment              -      -      -      -      -      all    -      -
receivables.reverse_payment             -      -      -      -      -      all    -      -
receivables.run_chase_overdue           -      -      -      -      -      all    -      all
receivables.check_books                 -      -      -      -      -      all    all    all

service_desk.problem.read               all    all    all    all    all    all    all    all
service_desk.problem.*                  -      -      -      -      all    -      all    all
service_desk.service_level.read         all    all    all    all    all    all    all    all
service_desk.service_level.*            -      -      -      -      all    -      all    all
service_desk.ticket.create              all    all    all    all    all    all    all    -
service_desk.ticket.read                own    branch own    branch branch own    all    all
service_desk.ticket.*                   -      -      -      branch branch -      all    -
service_desk.*_ticket                   -      -      -      branch branch -      all    -
service_desk.note_ticket                own    branch own    branch branch own    all    -
service_desk.article.read               all    all    all    all    all    all    all    all
service_desk.article.*                  -      -      all    own    all    -      all    -
service_desk.*_article                  -      -      all    own    all    -      all    -
service_desk.deal_handover.read         own    dept   -      branch branch all    all    all
service_desk.deal_handover.*            -      -      -      branch branch -      all    -
service_desk.accept_deal_handover       -      -      -      branch branch -      all    -
service_desk.my_tickets                 own    own    own    own    own    own    own    own
service_desk.problem_tree               all    all    all    all    all    all    all    all
service_desk.find_articles              all    all    all    all    all    all    all    all
service_desk.customer_file              own    branch own    branch branch own    all    all
service_desk.staff_trail                -      dept   -      -      team   -      all    -
service_desk.per_staff                  -      dept   -      -      branch -      all    all

notification.bell                       own    own    own    own    own    own    own    own
notification.mark_read                  own    own    own    own    own    own    own    own
notification.preferences                own    own    own    own    own    own    own    own
notification.set_preference             own    own    own    own    own    own    own    own
notification.customer_file              own    own    own    own    own    own    own    own
notification.notice.read                own    own    own    own    own    own    own    all
notification.preference.*               own    own    own    own    own    own    own    all
notification.*                          -      -      -      -      -      -      -      all

reporting.fact.read                     own    dept   own    own    branch all    all    all
reporting.fact.export                   -      dept   -      -      branch all    all    all
reporting.staff_figures                 own    dept   own    own    branch all    all    all
reporting.company_figures               -      dept   -      -      branch all    all    all
reporting.books                         -      -      -      -      -      all    all    all
reporting.*                             -      -      -      -      -      -      all    all
branch_sync.*                           -      -      -      -      -      -      all    all

*.comment.read                          all    all    all    all    all    all    all    all
*.comment.export                        own    dept   -      -      team   all    all    -
*.add_comment                           all    all    all    all    all    all    all    -
*.messages                              -      -      -      -      -      -      -      all
"""

SCOPES: dict[str, Scope] = {
    "own": "own", "team": "team", "dept": "department", "branch": "branch", "all": "all",
}  # fmt: skip


def grants() -> dict[str, list[tuple[str, Scope]]]:
    """The table's columns: role → (permission, scope) of every line that is not «-»."""
    found: dict[str, list[tuple[str, Scope]]] = {role: [] for role in NAMES}
    for line in TABLE.strip().splitlines()[1:]:
        if not line.strip():
            continue
        permission, *cells = line.split()
        for role, cell in zip(NAMES, cells, strict=True):
            if cell != "-":
                found[role].append((permission, SCOPES[cell]))
    return found
