using System.Text;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Tests.World;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GrainKube.ApiServer.Tests.Negotiation;

[Collection(ApiCollection.Name)]
public sealed class RenderingTests(ApiWorld world)
{
    [Theory]
    [InlineData("", "", "client-go", Rendering.Compact)]
    [InlineData("application/json", "?pretty=true", "client-go", Rendering.Pretty)]
    [InlineData("*/*", "", "curl/8.0", Rendering.Pretty)]
    [InlineData("*/*", "?pretty=false", "curl/8.0", Rendering.Compact)]
    [InlineData("application/json;pretty=1", "", "client-go", Rendering.Pretty)]
    [InlineData("application/yaml", "", "curl/8.0", Rendering.Yaml)]
    [InlineData("application/json;q=0.5,application/yaml", "", "client-go", Rendering.Yaml)]
    [InlineData("application/vnd.kubernetes.protobuf", "", "client-go", Rendering.Protobuf)]
    [InlineData("application/vnd.kubernetes.protobuf,application/json", "", "client-go", Rendering.Compact)]
    internal void An_answer_is_written_for_its_reader(string accept, string query, string agent, Rendering expected)
    {
        var request = new DefaultHttpContext { Request = { Headers = { Accept = accept, UserAgent = agent }, QueryString = new QueryString(query) } }.Request;
        Assert.Equal(expected, Renderings.Of(request));
    }

    [Fact]
    public void People_read_indented_JSON() => Assert.Equal(
        "{\n  \"a\": {},\n  \"b\": [\n    1.50,\n    \"<é>\"\n  ]\n}",
        Encoding.UTF8.GetString(Renderings.Render("""{"a":{},"b":[1.50,"<é>"]}"""u8.ToArray(), Rendering.Pretty).Body.Span));

    [Fact]
    public async Task Objects_lists_and_errors_come_as_YAML_to_those_who_ask()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"z":"1","b":"two\nlines\n","c":"true","d":"plain"}}""");

        Assert.Contains("apiVersion: v1\ndata:\n  b: |\n    two\n    lines\n  c: \"true\"\n  d: plain\n  z: \"1\"\nkind: ConfigMap\n", await YamlAsync($"/api/v1/namespaces/{ns}/configmaps/a", 200));
        Assert.Contains("apiVersion: v1\nitems:\n- data:\n    b: |", await YamlAsync($"/api/v1/namespaces/{ns}/configmaps", 200));
        Assert.Contains("code: 404\ndetails:\n  kind: configmaps\n  name: b\nkind: Status\n", await YamlAsync($"/api/v1/namespaces/{ns}/configmaps/b", 404));
    }

    private async Task<string> YamlAsync(string path, int code)
    {
        using var answer = await world.SendRawAsync("GET", path, accept: "application/yaml");
        Assert.Equal((code, "application/yaml"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        return await answer.Content.ReadAsStringAsync();
    }
}
