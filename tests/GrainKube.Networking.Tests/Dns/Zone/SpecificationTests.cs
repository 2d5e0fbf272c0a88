using ARSoft.Tools.Net.Dns;
using k8s.Models;

namespace GrainKube.Networking.Tests.Dns.Zone;

/// <summary>The Kubernetes DNS specification 1.1, asked by a client library that is not ours.</summary>
public sealed class SpecificationTests : IAsyncLifetime
{
    private readonly DnsBench dns = new();

    public SpecificationTests()
    {
        dns.Service("web", "10.96.0.20", new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP" }, new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP" });
        dns.Headless(
            "db",
            [new Discoveryv1EndpointPort { Name = "sql", Port = 5432, Protocol = "TCP" }],
            new V1Endpoint { Addresses = ["10.244.0.5"], Hostname = "db-0" },
            new V1Endpoint { Addresses = ["10.244.0.6"], Conditions = new V1EndpointConditions { Ready = true } },
            new V1Endpoint { Addresses = ["10.244.0.7"], Hostname = "db-2", Conditions = new V1EndpointConditions { Ready = false } });
        dns.Alias("alias", "web.default.svc.cluster.local");
    }

    [Fact]
    public async Task A_service_is_its_address()
    {
        var answer = await dns.AskAsync("web.default.svc.cluster.local");

        Assert.Equal("10.96.0.20", Assert.IsType<ARecord>(Assert.Single(answer.AnswerRecords)).Address.ToString());
        Assert.Equal(5, answer.AnswerRecords[0].TimeToLive);
        Assert.True(answer.IsAuthoritiveAnswer);
    }

    [Fact]
    public async Task A_name_keeps_the_case_it_was_asked_in()
    {
        var answer = await dns.AskAsync("WeB.Default.svc.CLUSTER.local");

        Assert.Equal("WeB.Default.svc.CLUSTER.local.", Assert.Single(answer.AnswerRecords).Name.ToString());
    }

    [Fact]
    public async Task A_ports_record_names_the_service()
    {
        var answer = await dns.AskAsync("_http._tcp.web.default.svc.cluster.local", RecordType.Srv);

        var record = Assert.IsType<SrvRecord>(Assert.Single(answer.AnswerRecords));
        Assert.Equal((80, "web.default.svc.cluster.local."), (record.Port, record.Target.ToString()));
        Assert.Equal("10.96.0.20", Assert.Single(answer.AdditionalRecords.OfType<ARecord>()).Address.ToString());
    }

    [Theory]
    [InlineData("_http._udp.web.default.svc.cluster.local")]
    [InlineData("_sql._tcp.web.default.svc.cluster.local")]
    [InlineData("none.default.svc.cluster.local")]
    [InlineData("web.nowhere.svc.cluster.local")]
    [InlineData("nowhere.svc.cluster.local")]
    [InlineData("web.cluster.local")]
    [InlineData("db-2.db.default.svc.cluster.local")]
    [InlineData("google.com.default.svc.cluster.local")]
    [InlineData("1-2-3-400.default.pod.cluster.local")]
    [InlineData("1-2-3-4.nowhere.pod.cluster.local")]
    public async Task What_is_not_there_does_not_exist(string name)
    {
        var answer = await dns.AskAsync(name, name[0] == '_' ? RecordType.Srv : RecordType.A);

        Assert.Equal(ReturnCode.NxDomain, answer.ReturnCode);
        Assert.Equal("cluster.local.", Assert.IsType<SoaRecord>(Assert.Single(answer.AuthorityRecords)).Name.ToString());
    }

    [Theory]
    [InlineData("web.default.svc.cluster.local", RecordType.Aaaa)]
    [InlineData("web.default.svc.cluster.local", RecordType.Txt)]
    [InlineData("default.svc.cluster.local", RecordType.A)]
    [InlineData("svc.cluster.local", RecordType.A)]
    [InlineData("pod.cluster.local", RecordType.A)]
    [InlineData("cluster.local", RecordType.A)]
    [InlineData("_tcp.web.default.svc.cluster.local", RecordType.A)]
    public async Task A_name_without_records_of_the_type_exists(string name, RecordType type)
    {
        var answer = await dns.AskAsync(name, type);

        Assert.Equal(ReturnCode.NoError, answer.ReturnCode);
        Assert.Empty(answer.AnswerRecords);
        Assert.IsType<SoaRecord>(Assert.Single(answer.AuthorityRecords));
    }

    [Fact]
    public async Task A_headless_service_is_its_ready_endpoints() => Assert.Equal(["10.244.0.5", "10.244.0.6"], await dns.AddressesAsync("db.default.svc.cluster.local"));

    [Theory]
    [InlineData("db-0.db.default.svc.cluster.local", "10.244.0.5")]
    [InlineData("10-244-0-6.db.default.svc.cluster.local", "10.244.0.6")]
    [InlineData("10-1-2-3.default.pod.cluster.local", "10.1.2.3")]
    public async Task Endpoints_and_pods_have_names(string name, string address) => Assert.Equal([address], await dns.AddressesAsync(name));

    [Fact]
    public async Task A_headless_ports_record_names_each_endpoint()
    {
        var answer = await dns.AskAsync("_sql._tcp.db.default.svc.cluster.local", RecordType.Srv);

        Assert.Equal(
            ["10-244-0-6.db.default.svc.cluster.local.", "db-0.db.default.svc.cluster.local."],
            answer.AnswerRecords.OfType<SrvRecord>().Select(r => r.Target.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, answer.AdditionalRecords.OfType<ARecord>().Count());
    }

    [Fact]
    public async Task A_headless_service_without_ready_endpoints_does_not_exist()
    {
        dns.Headless("empty", [], new V1Endpoint { Addresses = ["10.244.0.9"], Conditions = new V1EndpointConditions { Ready = false } });

        Assert.Equal(ReturnCode.NxDomain, (await dns.AskAsync("empty.default.svc.cluster.local")).ReturnCode);
    }

    [Theory]
    [InlineData("20.0.96.10.in-addr.arpa", "web.default.svc.cluster.local.")]
    [InlineData("5.0.244.10.in-addr.arpa", "db-0.db.default.svc.cluster.local.")]
    public async Task An_address_has_a_name(string reverse, string name) =>
        Assert.Equal(name, Assert.IsType<PtrRecord>(Assert.Single((await dns.AskAsync(reverse, RecordType.Ptr)).AnswerRecords)).PointerDomainName.ToString());

    [Fact]
    public async Task An_alias_is_followed()
    {
        var answer = await dns.AskAsync("alias.default.svc.cluster.local");

        Assert.Equal("web.default.svc.cluster.local.", Assert.IsType<CNameRecord>(answer.AnswerRecords[0]).CanonicalName.ToString());
        Assert.Equal("10.96.0.20", Assert.IsType<ARecord>(answer.AnswerRecords[1]).Address.ToString());
        Assert.Single((await dns.AskAsync("alias.default.svc.cluster.local", RecordType.CName)).AnswerRecords);
    }

    [Fact]
    public async Task Aliases_in_a_circle_end()
    {
        dns.Alias("a", "b.default.svc.cluster.local");
        dns.Alias("b", "a.default.svc.cluster.local");

        Assert.InRange((await dns.AskAsync("a.default.svc.cluster.local")).AnswerRecords.Count, 2, 10);
    }

    [Fact]
    public async Task The_version_of_the_specification_is_told() =>
        Assert.Equal("1.1.0", Assert.IsType<TxtRecord>(Assert.Single((await dns.AskAsync("dns-version.cluster.local", RecordType.Txt)).AnswerRecords)).TextData);

    [Fact]
    public async Task A_service_that_is_gone_is_gone()
    {
        dns.Table.Set("web.default", null);

        Assert.Equal(ReturnCode.NxDomain, (await dns.AskAsync("web.default.svc.cluster.local")).ReturnCode);
        Assert.NotEqual(ReturnCode.NoError, (await dns.AskAsync("20.0.96.10.in-addr.arpa", RecordType.Ptr)).ReturnCode);
    }

    [Fact]
    public async Task An_answer_too_long_for_UDP_comes_whole_by_TCP()
    {
        dns.Headless("many", [], [.. Enumerable.Range(0, 200).Select(i => new V1Endpoint { Addresses = [$"10.244.1.{i}"] })]);

        Assert.Equal(200, (await dns.AskAsync("many.default.svc.cluster.local")).AnswerRecords.Count);
        Assert.Equal(200, (await dns.AskByTcpAsync("many.default.svc.cluster.local")).AnswerRecords.Count);
    }

    [Fact]
    public async Task A_client_that_takes_more_by_UDP_gets_more()
    {
        dns.Headless("many", [], [.. Enumerable.Range(0, 50).Select(i => new V1Endpoint { Addresses = [$"10.244.1.{i}"] })]);

        var answer = await dns.AskAsync("many.default.svc.cluster.local", RecordType.A, new DnsQueryOptions { IsEDnsEnabled = true, EDnsOptions = new OptRecord { UdpPayloadSize = 4096 } });

        Assert.Equal(50, answer.AnswerRecords.Count);
        Assert.True(answer.IsEDnsEnabled);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await dns.DisposeAsync();
}
