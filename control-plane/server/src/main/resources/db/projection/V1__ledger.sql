-- How far the log has been projected. It moves in the transaction that writes the rows, and only from where it was.
create table projection_position (
    partition        integer     primary key,
    next_sequence    bigint      not null,
    -- By these two the log is known again: the last record's id, and the hash of everything before it.
    last_event_id    text,
    hash_before_last text,
    last_recorded_at timestamptz
);

-- Every record of the log, in words.
create table event_journal (
    partition        integer     not null,
    sequence         bigint      not null,
    stream           text        not null,
    event_id         text        not null,
    type             text        not null,
    valid_from       timestamptz not null,
    recorded_at      timestamptz not null,
    actor            text        not null,
    causation        text        not null,
    correlation      text        not null,
    cloud_request_id text,
    pod_uid          text,
    namespace        text,
    pod_name         text,
    intent           text,
    eni              text,
    addresses        text[]      not null,
    sentence         text        not null,
    event            json        not null,
    primary key (partition, sequence)
);
create index event_journal_stream on event_journal (stream, sequence);
create index event_journal_pod on event_journal (pod_uid, sequence) where pod_uid is not null;
create index event_journal_pod_name on event_journal (namespace, pod_name, recorded_at) where pod_name is not null;
create index event_journal_intent on event_journal (intent, sequence) where intent is not null;
create index event_journal_eni on event_journal (eni, sequence) where eni is not null;

-- The addresses that a record names.
create table event_address (
    address   inet    not null,
    partition integer not null,
    sequence  bigint  not null,
    type      text    not null,
    primary key (address, partition, sequence)
);

-- One pod's time with one address; valid_to is infinity while it lasts.
create table holding (
    address        inet        not null,
    partition      integer     not null,
    begun          bigint      not null,
    pod_uid        text        not null,
    interface_name text        not null,
    namespace      text        not null,
    pod_name       text        not null,
    node           text        not null,
    eni            text        not null,
    valid_from     timestamptz not null,
    -- When the log heard of the beginning, and of the end: later than it happened, where a node was alone.
    told           timestamptz not null,
    valid_to       timestamptz not null default 'infinity',
    ended          bigint,
    end_told       timestamptz,
    end_reason     text,
    primary key (partition, begun, address)
);
-- Holdings of an address do not overlap, so the first one that ends behind a moment is the only one that can cover it.
create index holding_by_end on holding (address, valid_to, valid_from);
create index holding_by_pod on holding (pod_uid);
create index holding_open on holding (partition) where valid_to = 'infinity';
-- What a boot ended may turn out to have ended earlier, when the node tells whom it bound next.
create index holding_booted on holding (partition) where end_reason = 'NODE_BOOTED';
create index holding_by_beginning on holding (address, begun);

-- One ENI's time with one address; valid_to is infinity while it lasts.
create table assignment (
    address    inet        not null,
    partition  integer     not null,
    begun      bigint      not null,
    node       text        not null,
    eni        text        not null,
    valid_from timestamptz not null,
    valid_to   timestamptz not null default 'infinity',
    ended      bigint,
    end_told   timestamptz,
    end_reason text,
    primary key (partition, begun, address)
);
create index assignment_by_address on assignment (address, valid_from);
create index assignment_open on assignment (partition) where valid_to = 'infinity';

-- Two pods held one address at the same time. Empty, or an alarm.
create table conflict (
    address          inet        not null,
    first_partition  integer     not null,
    first_begun      bigint      not null,
    second_partition integer     not null,
    second_begun     bigint      not null,
    since            timestamptz not null,
    primary key (address, first_partition, first_begun, second_partition, second_begun)
);

-- What the log has heard from the instance that has a node's name.
create table contact (
    node         text        primary key,
    partition    integer     not null,
    -- The record with which the instance took the name: what was begun before belongs to one before it.
    since        bigint      not null,
    voice        text        not null,
    word         timestamptz not null,
    sure         timestamptz not null,
    command      text        not null,
    sure_before  timestamptz not null
);

-- A time of which it is not known what a node did on its own; gap_to is infinity while it lasts.
create table gap (
    node      text        not null,
    -- Empty where all ENIs that the node had are in doubt.
    eni       text        not null,
    partition integer     not null,
    told      bigint      not null,
    cause     text        not null,
    gap_from  timestamptz not null,
    gap_to    timestamptz not null default 'infinity',
    primary key (partition, told, eni)
);
create index gap_by_node on gap (node, told);

-- Records that contradict what the log knows. Empty, or an alarm.
create table unexplained (
    partition integer not null,
    sequence  bigint  not null,
    primary key (partition, sequence)
);
