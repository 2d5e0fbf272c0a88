using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Services;

public sealed class ServiceValidatorTests
{
    public static TheoryData<string, string[]> Wrong => new()
    {
        {
            """
            {"metadata":{"name":"s2"},"spec":{"ports":[{"port":80},{"port":80}],"type":"Foo","clusterIP":"x"}}
            """,
            [
                """spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)""",
                """spec.ports[0].name: Required value""",
                """spec.ports[1].name: Required value""",
                """spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}""",
                "spec.type: Unsupported value: \"Foo\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"",
            ]
        },
        {
            """
            {"metadata":{"name":"s3"},"spec":{"type":"ExternalName","externalName":"A","ports":[{"port":0,"name":"A","protocol":"x","targetPort":"toolongportnamehere","nodePort":5}]}}
            """,
            [
                """spec.externalName: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""",
                """spec.ports[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')""",
                """spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive""",
                "spec.ports[0].protocol: Unsupported value: \"x\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
                """spec.ports[0].targetPort: Invalid value: "toolongportnamehere": must be no more than 15 characters""",
            ]
        },
        {
            """
            {"metadata":{"name":"s4"},"spec":{"type":"LoadBalancer","ports":[{"port":80,"nodePort":30000},{"port":81,"name":"b","nodePort":30000}],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":0}},"externalTrafficPolicy":"Foo","clusterIP":"None","loadBalancerSourceRanges":["x"],"externalIPs":["127.0.0.1","y"]}}
            """,
            [
                """spec.LoadBalancerSourceRanges[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)""",
                """spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services""",
                """spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)""",
                """spec.externalIPs[1]: Invalid value: "y": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)""",
                "spec.externalTrafficPolicy: Unsupported value: \"Foo\": supported values: \"Cluster\", \"Local\"",
                """spec.ports[0].name: Required value""",
                """spec.ports[1].nodePort: Duplicate value: 30000""",
                """spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400""",
            ]
        },
        {
            """
            {"metadata":{"name":"s5"},"spec":{"selector":{"a b":"c"},"healthCheckNodePort":5,"externalTrafficPolicy":"Local","sessionAffinity":"Foo"}}
            """,
            [
                """spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services""",
                """spec.healthCheckNodePort: Invalid value: 5: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'""",
                """spec.ports: Required value""",
                """spec.selector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')""",
                "spec.sessionAffinity: Unsupported value: \"Foo\": supported values: \"ClientIP\", \"None\"",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Everything_wrong_is_told_at_once(string json, string[] errors) => Assert.Equal(errors, Written.Create("services", json).Errors);

    [Theory]
    [InlineData("""{"ip":"192.0.2.1"}""")]
    [InlineData("""{"ip":"192.0.2.1","ipMode":"Proxy"}""")]
    [InlineData("""{"hostname":"a.example"}""")]
    [InlineData("""{"hostname":"a.example","ipMode":"VIP"}""", "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set")]
    [InlineData("""{"ip":"192.0.2.1","ipMode":"x"}""", "status.loadBalancer.ingress[0].ipMode: Unsupported value: \"x\": supported values: \"Proxy\", \"VIP\"")]
    public void The_mode_of_an_address_is_of_an_address(string ingress, params string[] errors)
    {
        var (service, _) = Written.Create("services", """{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""");

        var found = Written.Update("services", service, item => item["status"] = JsonNode.Parse($$$"""{"loadBalancer":{"ingress":[{{{ingress}}}]}}"""), "status").Errors;

        Assert.Equal(errors, found);
    }
}
