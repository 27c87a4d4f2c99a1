"""What programs with a copy of our records are told."""

from contracts.changes import RecordsChanged


class CustomerRecordsChanged(RecordsChanged):
    """Leads, customers, people, activities, records of own objects or others of this service were entered or changed; only while a webhook asks for it."""
