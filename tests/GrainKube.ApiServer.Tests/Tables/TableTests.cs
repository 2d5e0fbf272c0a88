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
    public async Task What_nobody_can_give_is_not_acceptable()
    {
        var (code, status) = await world.SendAsync("GET", "/api/v1/pods", accept: "application/vnd.kubernetes.protobuf");
        Assert.Equal((406, "NotAcceptable"), (code, (string?)status["reason"]));
    }
}
