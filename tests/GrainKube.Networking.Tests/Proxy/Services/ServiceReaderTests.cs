using System.Text;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Tests.Proxy.Services;

public sealed class ServiceReaderTests
{
    private static readonly ServiceName Web = new("shop", "web");
    private static readonly NodePlace Here = new("n1", "east");

    [Fact]
    public void A_services_ports_are_matched_with_those_of_slices_by_name_and_protocol()
    {
        var read = Read(
            """{ "clusterIP": "10.96.0.1", "ports": [ { "name": "http", "port": 80, "protocol": "TCP" }, { "name": "dns", "port": 53, "protocol": "UDP" } ] }""",
            Slice("""[ { "addresses": [ "10.244.0.5" ], "nodeName": "n1" } ]""", ports: """[ { "name": "http", "port": 8080, "protocol": "TCP" } ]"""),
            Slice("""[ { "addresses": [ "10.244.0.6" ], "nodeName": "n2" } ]""", ports: """[ { "name": "dns", "port": 5353, "protocol": "UDP" } ]"""));

        Assert.Equal([new ServiceEndpoint("10.244.0.5", 8080, true)], read.Ports[0].Cluster.AsEnumerable());
        Assert.Equal([new ServiceEndpoint("10.244.0.6", 5353, false)], read.Ports[1].Cluster.AsEnumerable());
        Assert.Equal("udp", read.Ports[1].Protocol);
        Assert.Empty(read.Ports[1].Local);
    }

    [Theory]
    [InlineData("""{ "clusterIP": "None", "ports": [ { "port": 80 } ] }""", "{}")]
    [InlineData("""{ "type": "ExternalName", "externalName": "example.com" }""", "{}")]
    [InlineData("""{ "ports": [ { "port": 80 } ] }""", "{}")]
    [InlineData("""{ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] }""", """{ "service.kubernetes.io/service-proxy-name": "mesh" }""")]
    [InlineData("""{ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] }""", """{ "service.kubernetes.io/headless": "" }""")]
    public void What_is_headless_external_unaddressed_or_anothers_is_left_alone(string spec, string labels) =>
        Assert.Empty(ServiceReader.Read(Web, Service(spec, "{}", labels), [], Here).Ports);

    [Fact]
    public void A_service_that_is_gone_has_no_ports() => Assert.Empty(ServiceReader.Read(Web, null, [], Here).Ports);

    [Fact]
    public void Endpoints_that_end_are_used_only_while_none_is_ready()
    {
        const string Spec = """{ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] }""";
        const string Fading = """{ "addresses": [ "10.244.0.5" ], "nodeName": "n1", "conditions": { "ready": false, "serving": true, "terminating": true } }""";
        const string Starting = """{ "addresses": [ "10.244.0.6" ], "nodeName": "n1", "conditions": { "ready": false, "serving": false, "terminating": false } }""";
        const string Ready = """{ "addresses": [ "10.244.0.7" ], "nodeName": "n2", "conditions": { "ready": true } }""";

        Assert.Equal(["10.244.0.5"], Read(Spec, Slice($"[ {Fading}, {Starting} ]")).Ports[0].Cluster.Select(e => e.Address));
        var both = Read(Spec, Slice($"[ {Fading}, {Starting}, {Ready} ]")).Ports[0];
        Assert.Equal(["10.244.0.7"], both.Cluster.Select(e => e.Address));

        // On this node nobody is ready: who still serves here is better than nobody.
        Assert.Equal(["10.244.0.5"], both.Local.Select(e => e.Address));
        Assert.False(Read(Spec, Slice($"[ {Starting} ]")).Ports[0].HasEndpoints);
    }

    [Fact]
    public void Hints_narrow_the_choice_to_this_node_then_to_its_zone_and_count_only_where_all_have_them()
    {
        const string Spec = """{ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] }""";
        const string East = """{ "addresses": [ "10.244.0.5" ], "hints": { "forZones": [ { "name": "east" } ], "forNodes": [ { "name": "n1" } ] } }""";
        const string EastToo = """{ "addresses": [ "10.244.0.6" ], "hints": { "forZones": [ { "name": "east" } ] } }""";
        const string West = """{ "addresses": [ "10.244.0.7" ], "hints": { "forZones": [ { "name": "west" } ], "forNodes": [ { "name": "n2" } ] } }""";
        const string Plain = """{ "addresses": [ "10.244.0.8" ] }""";

        Assert.Equal(["10.244.0.5"], Addresses(East, West));
        Assert.Equal(["10.244.0.5", "10.244.0.6"], Addresses(East, EastToo, West));
        Assert.Equal(["10.244.0.5", "10.244.0.7", "10.244.0.8"], Addresses(East, West, Plain));
        Assert.Equal(["10.244.0.7"], Addresses(West));

        IEnumerable<string> Addresses(params string[] endpoints) => Read(Spec, Slice($"[ {string.Join(", ", endpoints)} ]")).Ports[0].Cluster.Select(e => e.Address);
    }

    [Fact]
    public void Addresses_beside_the_clusters_are_those_that_the_type_has()
    {
        const string Ports = """ "clusterIP": "10.96.0.1", "externalIPs": [ "203.0.113.1", "::1" ], "ports": [ { "port": 80, "nodePort": 30080 } ] """;
        const string Status = """{ "loadBalancer": { "ingress": [ { "ip": "203.0.113.2" }, { "ip": "203.0.113.3", "ipMode": "Proxy" }, { "hostname": "x.example" } ] } }""";

        var balanced = ServiceReader.Read(Web, Service($$"""{ "type": "LoadBalancer", "loadBalancerSourceRanges": [ "10.1.2.3/8", " 10.2.0.0/16" ], {{Ports}} }""", Status), [], Here).Ports[0];
        Assert.Equal(["203.0.113.1"], balanced.ExternalIps.AsEnumerable());
        Assert.Equal(["203.0.113.2"], balanced.LoadBalancerIps.AsEnumerable());
        Assert.Equal(["10.0.0.0/8"], balanced.LoadBalancerSources.AsEnumerable());
        Assert.Equal(30080, balanced.NodePort);

        var plain = ServiceReader.Read(Web, Service($$"""{ "type": "ClusterIP", {{Ports}} }""", Status), [], Here).Ports[0];
        Assert.Empty(plain.LoadBalancerIps.AsEnumerable());
        Assert.Equal(0, plain.NodePort);
        Assert.Equal(["203.0.113.1"], plain.ExternalIps.AsEnumerable());
    }

    [Fact]
    public void Affinity_has_its_timeout_or_three_hours()
    {
        const string Rest = """ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] """;
        Assert.Equal(10800, Read($$"""{ "sessionAffinity": "ClientIP", {{Rest}} }""").Ports[0].AffinitySeconds);
        Assert.Equal(7, Read($$"""{ "sessionAffinity": "ClientIP", "sessionAffinityConfig": { "clientIP": { "timeoutSeconds": 7 } }, {{Rest}} }""").Ports[0].AffinitySeconds);
        Assert.Null(Read($$"""{ "sessionAffinity": "None", {{Rest}} }""").Ports[0].AffinitySeconds);
    }

    [Fact]
    public void A_health_check_counts_the_ready_endpoints_of_this_node()
    {
        const string Spec = """{ "type": "LoadBalancer", "clusterIP": "10.96.0.1", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31000, "ports": [ { "name": "a", "port": 80 } ] }""";
        var read = Read(
            Spec,
            Slice("""[ { "addresses": [ "10.244.0.5" ], "nodeName": "n1" }, { "addresses": [ "10.244.0.6" ], "nodeName": "n1", "conditions": { "ready": false } }, { "addresses": [ "10.244.1.5" ], "nodeName": "n2" } ]"""));

        Assert.Equal(new ServiceHealth(31000, 1), read.Health);
        Assert.True(read.Ports[0].IsExternalLocal);
        Assert.Null(Read(Spec.Replace("Local", "Cluster", StringComparison.Ordinal)).Health);
    }

    [Fact]
    public void An_endpoint_in_two_slices_is_one_and_ready_where_one_says_so()
    {
        var read = Read(
            """{ "clusterIP": "10.96.0.1", "ports": [ { "port": 80 } ] }""",
            Slice("""[ { "addresses": [ "10.244.0.5" ], "conditions": { "ready": false } } ]"""),
            Slice("""[ { "addresses": [ "10.244.0.5" ], "conditions": { "ready": true } } ]"""),
            Slice("""[ { "addresses": [ "10.244.0.9" ] } ]""", labels: """{ "service.kubernetes.io/headless": "" }"""));

        Assert.Equal(["10.244.0.5"], read.Ports[0].Cluster.Select(e => e.Address));
    }

    private static ProxiedService Read(string spec, params KubeObject[] slices) => ServiceReader.Read(Web, Service(spec), slices, Here);

    private static KubeObject Service(string spec, string status = "{}", string labels = "{}") =>
        Object(new ObjectKey("", "services", "shop", "web"), "v1", "Service", $$"""{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web" }, "spec": {{spec}}, "status": {{status}} }""", labels);

    private static KubeObject Slice(string endpoints, string ports = """[ { "name": "", "port": 8080, "protocol": "TCP" } ]""", string labels = "{}") => Object(
        new ObjectKey("discovery.k8s.io", "endpointslices", "shop", "web-1"), "discovery.k8s.io/v1", "EndpointSlice", $$"""{ "addressType": "IPv4", "metadata": { "name": "web-1" }, "ports": {{ports}}, "endpoints": {{endpoints}} }""", labels);

    private static KubeObject Object(ObjectKey key, string version, string kind, string json, string labels) => new(
        key,
        new ObjectHeader
        {
            ApiVersion = version, Kind = kind, Name = key.Name, Namespace = key.Namespace, Uid = "u", Revision = 1,
            Labels = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(labels)!,
        },
        Encoding.UTF8.GetBytes(json));
}
