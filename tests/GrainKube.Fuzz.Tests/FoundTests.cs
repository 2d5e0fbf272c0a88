using System.Text;
using GrainKube.Fuzz.Tests.Cases;
using GrainKube.Fuzz.Tests.World;
using Xunit;

namespace GrainKube.Fuzz.Tests;

/// <summary>What chance has found: each failed once, with a 5xx.</summary>
public sealed class FoundTests(FuzzWorld world) : IClassFixture<FuzzWorld>
{
    [Theory]
    [InlineData("? [complex]\n: key\n")]
    [InlineData("apiVersion: v1\nkind: [a--1h\n1: -1h\n")]
    [InlineData("<<: {a: !!binary x}\n")]
    public Task An_apply_in_strange_yaml(string body) => AnsweredAsync("PATCH", "/api/v1/namespaces/default?fieldManager=a&dryRun=All", body, "application/apply-patch+yaml");

    [Theory]
    [InlineData("/api/v1/namespaces/default/configmaps", "{\"apiVersion\":\"v1\",\"\\ud800kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}")]
    [InlineData("/apis/storage.k8s.io/v1/csidrivers", "{\"\\udc00apiVersion\":\"v1\",\"kind\":\"CSIDriver\",\"metadata\":{\"name\":\"\\udfff\"}}")]
    public Task A_body_with_half_a_character(string path, string body) => AnsweredAsync("POST", path + "?dryRun=All", body);

    [Fact]
    public async Task A_question_whose_member_is_no_utf8()
    {
        byte[] body = [.. "{\"apiV"u8, 0x93, .. "rsion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}"u8];

        Assert.Null(await world.ComplaintAsync(new FuzzCase("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews") { Body = body }));
    }

    [Fact]
    public Task A_hint_without_a_name() => AnsweredAsync(
        "POST",
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?dryRun=All",
        """{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hints":{"forZones":[{}],"forNodes":[{}]}}]}""");

    [Theory]
    [InlineData("Impersonate-Uid")]
    [InlineData("Impersonate-Group")]
    [InlineData("Impersonate-Extra-%zz")]
    public async Task A_part_of_a_user_without_a_name(string header) =>
        Assert.Null(await world.ComplaintAsync(new FuzzCase("GET", "/api/v1/namespaces/default") { Headers = [(header, "x")] }));

    [Fact]
    public async Task An_extra_that_is_written_in_two_ways() => Assert.Null(
        await world.ComplaintAsync(new FuzzCase("GET", "/api/v1/namespaces/default") { Headers = [("Impersonate-User", "a"), ("Impersonate-Extra-b", "1"), ("Impersonate-Extra-%62", "2")] }));

    private async Task AnsweredAsync(string method, string path, string body, string type = "application/json") =>
        Assert.Null(await world.ComplaintAsync(new FuzzCase(method, path) { Body = Encoding.UTF8.GetBytes(body), ContentType = type }));
}
