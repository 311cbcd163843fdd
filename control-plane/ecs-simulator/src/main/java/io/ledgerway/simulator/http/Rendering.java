package io.ledgerway.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulator.cloud.Answer;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Answers as bytes. The SDK's own JSON reader knows no Unicode escapes and no null in an array; Jackson writes
/// raw UTF-8, and the model holds no nulls.
final class Rendering {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final XMLOutputFactory XML = XMLOutputFactory.newFactory();

    private Rendering() {}

    record Rendered(int status, String contentType, byte[] bytes) {}

    static Rendered render(String action, String requestId, String hostId, Answer answer, boolean xml) {
        var document = new LinkedHashMap<String, Object>();
        document.put("RequestId", requestId);
        return switch (answer) {
            case Answer.Success success -> {
                document.putAll(success.body());
                yield rendered(200, action + "Response", document, xml);
            }
            case Answer.Failure failure -> {
                document.put("HostId", hostId);
                document.put("Code", failure.code());
                document.put("Message", failure.message());
                document.put("Recommend", "https://api.aliyun.com/troubleshoot?q=" + failure.code());
                yield rendered(failure.status(), "Error", document, xml);
            }
        };
    }

    static Rendered falseOk() {
        return new Rendered(200, "application/json;charset=utf-8", json(Map.of("Code", "Throttling")));
    }

    private static Rendered rendered(int status, String root, Map<String, Object> document, boolean xml) {
        return xml
                ? new Rendered(status, "text/xml;charset=utf-8", xml(root, document))
                : new Rendered(status, "application/json;charset=utf-8", json(document));
    }

    private static byte[] json(Object document) {
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException plainMapsAlwaysWork) {
            throw new IllegalStateException(plainMapsAlwaysWork);
        }
    }

    private static byte[] xml(String root, Map<String, Object> document) {
        try {
            var bytes = new ByteArrayOutputStream();
            var writer = XML.createXMLStreamWriter(bytes, "UTF-8");
            writer.writeStartDocument("UTF-8", "1.0");
            element(writer, root, document);
            writer.writeEndDocument();
            writer.close();
            return bytes.toByteArray();
        } catch (XMLStreamException memoryAlwaysWorks) {
            throw new IllegalStateException(memoryAlwaysWorks);
        }
    }

    private static void element(XMLStreamWriter writer, String name, Object value) throws XMLStreamException {
        if (value instanceof List<?> items) {
            for (Object item : items) {
                element(writer, name, item);
            }
            return;
        }
        writer.writeStartElement(name);
        if (value instanceof Map<?, ?> document) {
            for (var entry : document.entrySet()) {
                element(writer, (String) entry.getKey(), entry.getValue());
            }
        } else {
            writer.writeCharacters(String.valueOf(value));
        }
        writer.writeEndElement();
    }
}
