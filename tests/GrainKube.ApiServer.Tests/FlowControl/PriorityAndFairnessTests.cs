using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

[Collection(ApiCollection.Name)]
public sealed class PriorityAndFairnessTests(ApiWorld world)
{
    private const string Root = "/apis/flowcontrol.apiserver.k8s.io/v1";

    [Fact]
    public async Task Who_finds_no_seat_is_told_to_come_again()
    {
        var level = await world.CreateAsync($"{Root}/prioritylevelconfigurations", """{"metadata":{"name":"tight"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":0,"limitResponse":{"type":"Reject"}}}}""");
        var schema = await world.CreateAsync($"{Root}/flowschemas", """
            {"metadata":{"name":"tight"},"spec":{"priorityLevelConfiguration":{"name":"tight"},"matchingPrecedence":5,"distinguisherMethod":{"type":"ByUser"},
             "rules":[{"subjects":[{"kind":"User","user":{"name":"crowd"}}],"resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"clusterScope":true,"namespaces":["*"]}]}]}}
            """);
        await world.GetAsync($"{Root}/flowschemas");
        var flows = world.Gateway<FlowController>();
        using (var served = await SendAsync("crowd"))
        {
            Assert.Equal(200, (int)served.StatusCode);
            Assert.Equal((string)schema["metadata"]!["uid"]!, served.Headers.GetValues("X-Kubernetes-PF-FlowSchema-UID").Single());
            Assert.Equal((string)level["metadata"]!["uid"]!, served.Headers.GetValues("X-Kubernetes-PF-PriorityLevel-UID").Single());
        }

        var tight = flows.All.Single(l => l.Name == "tight");
        await EmptyAsync(tight);
        var seat = await tight.EnterAsync(1, new FlowIdentity("tight", "other"), TimeSpan.FromSeconds(1), CancellationToken.None);
        using (var refused = await SendAsync("crowd"))
        {
            Assert.Equal((429, "1"), ((int)refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
            Assert.Equal("Too many requests, please try again later.\n", await refused.Content.ReadAsStringAsync());
            Assert.Equal("text/plain", refused.Content.Headers.ContentType!.MediaType);
        }

        // Another level has seats of its own, and an exempt one needs none.
        using (var other = await SendAsync("jane"))
        {
            Assert.Equal(200, (int)other.StatusCode);
        }

        seat.Leave();
        using (var again = await SendAsync("crowd"))
        {
            Assert.Equal(200, (int)again.StatusCode);
        }

        // A watch needs its seat only to begin.
        await EmptyAsync(tight);
        using var watch = await SendAsync("crowd", "?watch=true");
        Assert.Equal(200, (int)watch.StatusCode);
        await EmptyAsync(tight);
        using (var beside = await SendAsync("crowd"))
        {
            Assert.Equal(200, (int)beside.StatusCode);
        }

        await world.SendAsync("DELETE", $"{Root}/flowschemas/tight");
        await world.SendAsync("DELETE", $"{Root}/prioritylevelconfigurations/tight");
    }

    /// <summary>A client has its answer a moment before its seat is free.</summary>
    private static async Task EmptyAsync(PriorityLevel level)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (level.InUse > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string user, string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/default/configmaps" + query);
        request.Headers.Add("X-User", user);
        return world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
