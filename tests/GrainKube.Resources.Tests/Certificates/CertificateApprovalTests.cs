using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using Xunit;

namespace GrainKube.Resources.Tests.Certificates;

public sealed class CertificateApprovalTests
{
    [Fact]
    public void An_approval_is_dated_takes_annotations_along_and_touches_nothing_else()
    {
        var item = JsonNode.Parse("""{"metadata":{"name":"c","uid":"1"},"spec":{"username":"u"},"status":{"certificate":"AA=="}}""")!.AsObject();
        var body = JsonNode.Parse("""{"metadata":{"name":"c","uid":"2","annotations":{"by":"me"}},"spec":{"username":"evil"},"status":{"conditions":[{"type":"Approved","status":"True"}]}}""")!.AsObject();
        var approval = BuiltInResources.All.Single(d => d.Names.Plural == "certificatesigningrequests").Subresources.Single();
        approval.Apply(item, body, new WriteScope(new UserInfo { Name = "admin" }, "approval", Sample.Now, DryRun: false));
        Assert.Equal("""{"name":"c","uid":"1","annotations":{"by":"me"}}""", item["metadata"]!.ToJsonString());
        Assert.Equal("u", (string?)item["spec"]!["username"]);
        Assert.Equal(
            """{"certificate":"AA==","conditions":[{"type":"Approved","status":"True","lastUpdateTime":"2026-05-04T12:00:00Z","lastTransitionTime":"2026-05-04T12:00:00Z"}]}""",
            item["status"]!.ToJsonString());
    }
}
