using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Secrets;

public sealed class SecretDefaultsTests
{
    [Fact]
    public void Text_becomes_data_and_wins_over_it()
    {
        var (secret, errors) = Written.Create("secrets", """{"metadata":{"name":"s"},"stringData":{"a":"b"},"data":{"a":"eA==","b":"eQ=="}}""");
        Assert.Empty(errors);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":"Yg==","b":"eQ=="}"""), secret["data"]));
        Assert.Null(secret["stringData"]);
        Assert.Equal("Opaque", secret["type"]!.GetValue<string>());
    }

    [Fact]
    public void An_immutable_secret_stays()
    {
        var (secret, _) = Written.Create("secrets", """{"metadata":{"name":"s"},"stringData":{"a":"b"},"immutable":true}""");
        Assert.Equal(
            ["data: Forbidden: field is immutable when `immutable` is set", "immutable: Forbidden: field is immutable when `immutable` is set"],
            Written.Update("secrets", secret, s => (s["data"]!["a"], s["immutable"]) = ("Yw==", false)).Errors);
    }
}
