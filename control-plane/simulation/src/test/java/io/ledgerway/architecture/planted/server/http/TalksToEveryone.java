package io.ledgerway.architecture.planted.server.http;

import com.aliyuncs.IAcsClient;
import io.grpc.ManagedChannel;
import io.ledgerway.architecture.planted.node.endpoint.PlainNode;
import io.vertx.core.Vertx;
import java.sql.Connection;
import org.apache.kafka.clients.producer.Producer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;

public class TalksToEveryone {
    Producer<byte[], byte[]> producer;
    EventStorageEngine engine;
    IAcsClient cloud;
    Connection database;
    ManagedChannel channel;
    Vertx vertx;
    PlainNode node;
}
