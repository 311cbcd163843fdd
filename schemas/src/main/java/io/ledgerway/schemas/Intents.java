package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.instant;
import static io.ledgerway.schemas.Values.time;

import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.schemas.event.v1.AssignAddresses;
import io.ledgerway.schemas.event.v1.AttachEni;
import io.ledgerway.schemas.event.v1.CreateEni;
import io.ledgerway.schemas.event.v1.DeleteEni;
import io.ledgerway.schemas.event.v1.DetachEni;
import io.ledgerway.schemas.event.v1.UnassignAddresses;

/// Cloud intents as messages and back.
final class Intents {

    private Intents() {}

    static CreateEni create(CloudIntent.CreateEni value) {
        return CreateEni.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setClientToken(value.token().value())
                .setVSwitchId(value.vSwitch().value())
                .addAllSecurityGroupIds(value.securityGroups().stream()
                        .map(SecurityGroupId::value)
                        .toList())
                .setAddresses(value.addresses())
                .setWhole(value.whole())
                .build();
    }

    static CloudIntent.CreateEni create(CreateEni value) {
        return new CloudIntent.CreateEni(
                new IntentId(value.getIntentId()),
                instant(value.getIntendedAt()),
                new ClientToken(value.getClientToken()),
                new VSwitchId(value.getVSwitchId()),
                value.getSecurityGroupIdsList().stream()
                        .map(SecurityGroupId::new)
                        .toList(),
                value.getAddresses(),
                value.getWhole());
    }

    static AttachEni attach(CloudIntent.AttachEni value) {
        return AttachEni.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setEniId(value.eni().value())
                .setInstanceId(value.instance().value())
                .build();
    }

    static CloudIntent.AttachEni attach(AttachEni value) {
        return new CloudIntent.AttachEni(
                new IntentId(value.getIntentId()),
                instant(value.getIntendedAt()),
                new EniId(value.getEniId()),
                new InstanceId(value.getInstanceId()));
    }

    static AssignAddresses assign(CloudIntent.AssignAddresses value) {
        return AssignAddresses.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setClientToken(value.token().value())
                .setEniId(value.eni().value())
                .setCount(value.count())
                .build();
    }

    static CloudIntent.AssignAddresses assign(AssignAddresses value) {
        return new CloudIntent.AssignAddresses(
                new IntentId(value.getIntentId()),
                instant(value.getIntendedAt()),
                new ClientToken(value.getClientToken()),
                new EniId(value.getEniId()),
                value.getCount());
    }

    static DetachEni detach(CloudIntent.DetachEni value) {
        return DetachEni.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setEniId(value.eni().value())
                .setInstanceId(value.instance().value())
                .build();
    }

    static CloudIntent.DetachEni detach(DetachEni value) {
        return new CloudIntent.DetachEni(
                new IntentId(value.getIntentId()),
                instant(value.getIntendedAt()),
                new EniId(value.getEniId()),
                new InstanceId(value.getInstanceId()));
    }

    static DeleteEni delete(CloudIntent.DeleteEni value) {
        return DeleteEni.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setEniId(value.eni().value())
                .build();
    }

    static CloudIntent.DeleteEni delete(DeleteEni value) {
        return new CloudIntent.DeleteEni(
                new IntentId(value.getIntentId()), instant(value.getIntendedAt()), new EniId(value.getEniId()));
    }

    static UnassignAddresses unassign(CloudIntent.UnassignAddresses value) {
        return UnassignAddresses.newBuilder()
                .setIntentId(value.id().value())
                .setIntendedAt(time(value.intendedAt()))
                .setEniId(value.eni().value())
                .addAllAddresses(Values.texts(value.addresses()))
                .build();
    }

    static CloudIntent.UnassignAddresses unassign(UnassignAddresses value) {
        return new CloudIntent.UnassignAddresses(
                new IntentId(value.getIntentId()),
                instant(value.getIntendedAt()),
                new EniId(value.getEniId()),
                Values.addresses(value.getAddressesList()));
    }
}
