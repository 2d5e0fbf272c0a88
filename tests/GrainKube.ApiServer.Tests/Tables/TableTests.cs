using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Tables;

[Collection(ApiCollection.Name)]
public sealed class TableTests(ApiWorld world)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    [Fact]
    public async Task A_list_becomes_rows_with_metadata()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var table = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps", Table);
        Assert.Equal(("Table", "meta.k8s.io/v1"), ((string?)table["kind"], (string?)table["apiVersion"]));
        Assert.Equal(["Name", "Data", "Age"], table["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]));
        var row = Assert.Single(table["rows"]!.AsArray())!;
        Assert.Equal("a", (string?)row["cells"]![0]);
        Assert.Equal("PartialObjectMetadata", (string?)row["object"]!["kind"]);
        Assert.Null(row["object"]!["data"]);
    }

    [Theory]
    [InlineData("Object", "ConfigMap")]
    [InlineData("None", null)]
    public async Task Rows_carry_what_was_asked_for(string include, string? kind)
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var table = await world.GetAsync($"/api/v1/namespaces/{ns}/configmaps/a?includeObject={include}", Table);
        Assert.Equal(kind, (string?)table["rows"]![0]!["object"]?["kind"]);
    }

    [Fact]
    public async Task A_write_is_answered_with_a_table_too()
    {
        var ns = await world.NamespaceAsync();
        var (code, table) = await world.SendAsync("POST", $"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"k":"v"}}""", accept: Table);
        Assert.Equal((201, "Table"), (code, (string?)table["kind"]));
        Assert.Equal(["a", "1"], table["rows"]![0]!["cells"]!.AsArray().Take(2).Select(cell => cell!.ToString()));
        Assert.Equal("Table", (string?)(await world.SendAsync("PATCH", $"/api/v1/namespaces/{ns}/configmaps/a", "{}", "application/merge-patch+json", Table)).Answer["kind"]);
    }

    [Fact]
    public async Task Tables_and_metadata_are_given_in_their_old_version_to_who_asks_for_it()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        var table = await world.GetAsync(path, Old("Table") + ",application/json");
        Assert.Equal(("meta.k8s.io/v1beta1", "meta.k8s.io/v1beta1"), ((string?)table["apiVersion"], (string?)table["rows"]![0]!["object"]!["apiVersion"]));
        var list = await world.GetAsync(path, Old("PartialObjectMetadataList"));
        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1beta1"), ((string?)list["kind"], (string?)list["apiVersion"]));
        Assert.Equal("meta.k8s.io/v1beta1", (string?)list["items"]![0]!["apiVersion"]);
        var one = await world.GetAsync($"{path}/a", Old("PartialObjectMetadata"));
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1beta1", "a"), ((string?)one["kind"], (string?)one["apiVersion"], (string?)one["metadata"]!["name"]));
        using var watch = await world.WatchAsync($"{path}?watch=true", Old("PartialObjectMetadata"));
        Assert.Equal("meta.k8s.io/v1beta1", (string?)(await watch.NextAsync())!["object"]!["apiVersion"]);
        using var rows = await world.WatchAsync($"{path}?watch=true", Old("Table"));
        Assert.Equal("meta.k8s.io/v1beta1", (string?)(await rows.NextAsync())!["object"]!["apiVersion"]);
    }

    private static string Old(string kind) => $"application/json;as={kind};v=v1beta1;g=meta.k8s.io";

    [Theory]
    [InlineData("?includeObject=All", Table, 400, "Unable to convert to Table as requested: includeObject: Invalid value: \"All\"")]
    [InlineData("", "application/xml", 406, "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml")]
    [InlineData("", "application/json;as=Table;g=meta.k8s.io;v=v2", 406, "only the following media types are accepted: application/json, application/yaml")]
    [InlineData("/nobody", "text/plain", 406, "406: Not Acceptable")]
    [InlineData("?watch=1", "application/yaml", 406, "only the following media types are accepted: application/json;stream=watch")]
    public async Task A_form_that_cannot_be_given_is_refused_before_anything_else(string rest, string accept, int code, string text)
    {
        using var answer = await world.SendRawAsync("GET", $"/api/v1/namespaces/default/configmaps{rest}", accept: accept);
        Assert.Equal(code, (int)answer.StatusCode);
        Assert.Contains(text, (await answer.Content.ReadAsStringAsync()).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_can_give_is_not_acceptable()
    {
        var (code, status) = await world.SendAsync("GET", "/api/v1/pods", accept: "application/cbor");
        Assert.Equal((406, "NotAcceptable"), (code, (string?)status["reason"]));
        using var table = await world.SendRawAsync("GET", "/api/v1/pods", accept: "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1");
        Assert.Equal(406, (int)table.StatusCode);
    }
}
