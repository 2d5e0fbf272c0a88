using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Pipeline;

[Collection(ApiCollection.Name)]
public sealed class AccessTests(ApiWorld world)
{
    [Fact]
    public async Task Nobody_known_is_unauthorized()
    {
        var (code, status) = await AskAsync("unknown", "/api/v1/pods");
        Assert.Equal(401, code);
        Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}""", status.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/pods", "pods is forbidden: User \"nobody\" cannot list resource \"pods\" in API group \"\" at the cluster scope")]
    [InlineData("/apis/apps/v1/namespaces/x/deployments/web/scale", "deployments.apps \"web\" is forbidden: User \"nobody\" cannot get resource \"deployments/scale\" in API group \"apps\" in the namespace \"x\"")]
    [InlineData("/metrics", "forbidden: User \"nobody\" cannot get path \"/metrics\"")]
    public async Task A_refusal_names_who_may_not_do_what(string path, string message)
    {
        var (code, status) = await AskAsync("nobody", path);
        Assert.Equal((403, message), (code, (string?)status["message"]));
    }

    private async Task<(int, JsonObject)> AskAsync(string user, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-User", user);
        using var answer = await world.Client.SendAsync(request);
        return ((int)answer.StatusCode, (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
