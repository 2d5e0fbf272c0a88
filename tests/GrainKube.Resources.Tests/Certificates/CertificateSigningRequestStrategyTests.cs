using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using Xunit;

namespace GrainKube.Resources.Tests.Certificates;

public sealed class CertificateSigningRequestStrategyTests
{
    private readonly IStrategy strategy = BuiltInResources.All.Single(d => d.Names.Plural == "certificatesigningrequests").Strategy;
    private readonly WriteScope scope = new(new UserInfo { Name = "alice", Groups = ["dev"] }, "", Sample.Now, DryRun: false);

    [Fact]
    public void The_requestor_is_who_authenticated_whatever_the_request_claims()
    {
        var item = JsonNode.Parse("""{"spec":{"request":"AA==","username":"admin","uid":"0","groups":["system:masters"],"extra":{"a":["b"]}}}""")!.AsObject();
        strategy.PrepareForCreate(item, scope);
        Assert.Equal("""{"request":"AA==","username":"alice","groups":["dev"]}""", item["spec"]!.ToJsonString());
    }

    [Fact]
    public void A_request_does_not_change_once_it_is_made()
    {
        var current = JsonNode.Parse("""{"spec":{"username":"alice"}}""")!.AsObject();
        var next = JsonNode.Parse("""{"spec":{"username":"admin"}}""")!.AsObject();
        strategy.PrepareForUpdate(next, current, scope);
        Assert.Equal("alice", (string?)next["spec"]!["username"]);
    }
}
