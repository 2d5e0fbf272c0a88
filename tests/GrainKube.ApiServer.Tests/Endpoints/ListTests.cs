using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Endpoints;

[Collection(ApiCollection.Name)]
public sealed class ListTests(ApiWorld world)
{
    [Fact]
    public async Task An_empty_list_has_an_empty_array_and_a_revision()
    {
        var ns = await world.NamespaceAsync();
        var list = await world.GetAsync($"/api/v1/namespaces/{ns}/pods");
        Assert.Equal("PodList", (string?)list["kind"]);
        Assert.Equal("v1", (string?)list["apiVersion"]);
        Assert.Empty(list["items"]!.AsArray());
        Assert.NotEqual("0", (string?)list["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_list_shows_what_was_written_just_before()
    {
        var ns = await world.NamespaceAsync();
        for (var i = 0; i < 20; i++)
        {
            await world.CreateConfigMapAsync(ns, $"c{i}");
            Assert.Equal(i + 1, (await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps"))["items"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Pages_show_one_revision_and_count_what_remains()
    {
        var ns = await world.NamespaceAsync();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await world.CreateConfigMapAsync(ns, name);
        }

        var first = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps?limit=2");
        Assert.Equal(3, (long)first["metadata"]!["remainingItemCount"]!);
        await world.CreateConfigMapAsync(ns, "bb");
        var second = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps?limit=2&continue={first["metadata"]!["continue"]}");
        var third = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps?limit=2&continue={second["metadata"]!["continue"]}");
        Assert.Equal(["a", "b", "c", "d", "e"], new[] { first, second, third }.SelectMany(page => page["items"]!.AsArray()).Select(item => (string?)item!["metadata"]!["name"]));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)third["metadata"]!["resourceVersion"]);
        Assert.Null(third["metadata"]!["continue"]);
        Assert.Null(third["metadata"]!["remainingItemCount"]);
    }

    [Fact]
    public async Task A_list_that_was_left_too_long_goes_on_in_the_newest_state()
    {
        var ns = await world.NamespaceAsync();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await world.CreateConfigMapAsync(ns, name);
        }

        var first = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps?limit=1");
        var token = JsonNode.Parse(Base64Url.DecodeFromChars((string)first["metadata"]!["continue"]!))!;
        token["since"] = (long)token["since"]! - 301;
        await world.CreateConfigMapAsync(ns, "bb");

        var (code, refused) = await world.SendAsync("GET", $"/api/v1/namespaces/{ns}/configmaps?limit=1&continue={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token.ToJsonString()))}");

        Assert.Equal((410, "Expired"), (code, (string?)refused["reason"]));
        Assert.Equal(["b", "bb", "c"], await NamesAsync($"/api/v1/namespaces/{ns}/configmaps?continue={refused["metadata"]!["continue"]}"));
    }

    [Fact]
    public async Task Selectors_choose()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a", """{"app":"x"}""");
        await world.CreateConfigMapAsync(ns, "b", """{"app":"y"}""");
        await world.CreateConfigMapAsync(ns, "c", """{"tier":"x"}""");
        Assert.Equal(["a", "b"], await NamesAsync($"/api/v1/namespaces/{ns}/configmaps?labelSelector=app"));
        Assert.Equal(["b", "c"], await NamesAsync($"/api/v1/namespaces/{ns}/configmaps?labelSelector=app!%3Dx"));
        Assert.Equal(["b"], await NamesAsync($"/api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name%3Db"));
        Assert.Equal(["a", "c"], await NamesAsync($"/api/v1/namespaces/{ns}/configmaps?fieldSelector=metadata.name!%3Db"));
    }

    [Theory]
    [InlineData("?resourceVersionMatch=Exact", 422, "resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("?resourceVersionMatch=Best&resourceVersion=1", 422, "Unsupported value: \"Best\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("?resourceVersionMatch=Exact&resourceVersion=0", 422, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("?sendInitialEvents=true", 422, "sendInitialEvents is forbidden for list")]
    [InlineData("?resourceVersion=abc", 400, "resourceVersion: Invalid value: \"abc\"")]
    [InlineData("?limit=many", 400, "strconv.ParseInt: parsing \"many\": invalid syntax")]
    [InlineData("?limit=", 400, "strconv.ParseInt: parsing \"\": invalid syntax")]
    [InlineData("?limit=99999999999999999999", 400, "strconv.ParseInt: parsing \"99999999999999999999\": value out of range")]
    [InlineData("?continue=%25%25", 400, "invalid continue token: continue key is not valid: illegal base64 data at input byte 0")]
    [InlineData("?continue=abc", 400, "invalid continue token: continue key is not valid: invalid character ")]
    [InlineData("?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NSwic3RhcnQiOiIuLi94In0", 400, "invalid continue token: continue key is not valid: ../x")]
    [InlineData("?continue=e30", 400, "continue key is not valid")]
    [InlineData("?labelSelector=a%3D%3D%3Db", 400, "")]
    [InlineData("?fieldSelector=spec.color%3Dred", 400, "spec.color")]
    [InlineData("?resourceVersion=999999999", 504, "Too large resource version: 999999999, current: ")]
    public async Task What_cannot_be_asked_is_refused_in_upstreams_words(string query, int code, string text)
    {
        var (actual, status) = await world.SendAsync("GET", $"/api/v1/pods{query}");
        Assert.Equal(code, actual);
        Assert.Contains(text, (string?)status["message"]);
        Assert.Equal("Failure", (string?)status["status"]);
    }

    [Fact]
    public async Task The_objects_of_a_list_do_not_repeat_what_they_are()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""");
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"b"}}""");
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"c"}}""");
        var list = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps");
        Assert.Equal(["a", "b", "c"], list["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]));
        Assert.All(list["items"]!.AsArray(), item => Assert.Equal((null, null), (item!["kind"], item["apiVersion"])));
        Assert.Equal("ConfigMap", (string?)(await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps/a"))["kind"]);
    }

    [Fact]
    public async Task Metadata_alone_is_a_list_of_its_own_kind()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var list = await world.GetAsync(
            $"/api/v1/namespaces/{ns}/configmaps", "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
        Assert.Equal("PartialObjectMetadataList", (string?)list["kind"]);
        Assert.Equal("PartialObjectMetadata", (string?)list["items"]![0]!["kind"]);
        Assert.Equal("a", (string?)list["items"]![0]!["metadata"]!["name"]);
    }

    [Fact]
    public async Task A_large_list_is_compressed_for_those_who_ask()
    {
        var ns = await world.NamespaceAsync();
        var big = new string('x', 300_000);
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"big"},"data":{"k":"{{big}}"} }""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/namespaces/{ns}/configmaps");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await world.Client.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length < 50_000);
    }

    private async Task<IEnumerable<string?>> NamesAsync(string path) => (await world.GetAsync(path))["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["name"]);
}
