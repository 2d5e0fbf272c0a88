using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Requests;
using Xunit;

namespace GrainKube.ApiServer.Tests.Audit;

public sealed class AuditPolicyTests
{
    private static readonly UserInfo Jane = new() { Name = "jane", Groups = ["devs", "system:authenticated"] };

    [Fact]
    public void The_first_rule_that_fits_decides()
    {
        var policy = Policy("""
            omitStages: [RequestReceived]
            rules:
            - level: None
              users: ["system:kube-proxy"]
            - level: Metadata
              resources: [{group: "", resources: [secrets]}]
            - level: Request
              userGroups: [devs]
              verbs: [create]
              omitStages: [Panic]
              omitManagedFields: true
            """);
        Assert.Equal(AuditLevel.None, policy.Decide(Jane with { Name = "system:kube-proxy" }, Of("get", "secrets")).Level);
        Assert.Equal(new AuditDecision(AuditLevel.Metadata, AuditStages.RequestReceived, false), policy.Decide(Jane, Of("create", "secrets")));
        Assert.Equal(new AuditDecision(AuditLevel.Request, AuditStages.RequestReceived | AuditStages.Panic, true), policy.Decide(Jane, Of("create", "pods")));
        Assert.Equal(AuditLevel.None, policy.Decide(Jane, Of("get", "pods")).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(null, Of("create", "pods")).Level);
    }

    [Theory]
    [InlineData("pods", "pods", "", true)]
    [InlineData("pods", "pods", "log", false)]
    [InlineData("pods/log", "pods", "log", true)]
    [InlineData("pods/*", "pods", "log", true)]
    [InlineData("pods/*", "pods", "", true)]
    [InlineData("*/log", "pods", "log", true)]
    [InlineData("*/log", "pods", "", false)]
    [InlineData("*", "pods", "exec", true)]
    public void Resources_are_named_with_their_subresources(string rule, string resource, string subresource, bool fits) =>
        Assert.Equal(fits, new AuditResources("", [rule], []).Match(Of("get", resource) with { Subresource = subresource }));

    [Fact]
    public void Namespaces_names_and_paths_narrow_a_rule()
    {
        var policy = Policy("""
            rules:
            - {level: Request, namespaces: [""], resources: [{group: "*", resources: [nodes], resourceNames: [a]}]}
            - {level: Metadata, nonResourceURLs: ["/healthz*", "/version"]}
            - {level: RequestResponse, namespaces: [kube-system]}
            """);
        Assert.Equal(AuditLevel.Request, policy.Decide(Jane, Of("get", "nodes") with { Name = "a", ApiGroup = "x.example.com" }).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(Jane, Of("get", "nodes") with { Name = "b" }).Level);
        Assert.Equal(AuditLevel.RequestResponse, policy.Decide(Jane, Of("get", "pods") with { Namespace = "kube-system" }).Level);
        Assert.Equal(AuditLevel.Metadata, policy.Decide(Jane, new RequestInfo { IsResourceRequest = false, Verb = "get", Path = "/healthz/etcd" }).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(Jane, new RequestInfo { IsResourceRequest = false, Verb = "get", Path = "/versions" }).Level);
    }

    [Theory]
    [InlineData("rules: []", "loaded illegal policy with 0 rules")]
    [InlineData("rules: [{}]", "rules[0].level: Required value")]
    [InlineData("rules: [{level: Loud}]", "rules[0].level: Unsupported value: \"Loud\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"")]
    [InlineData("rules: [{level: None, nonResourceURLs: [x]}]", "rules[0].nonResourceURLs[0]: Invalid value: \"x\": non-resource URL rules must begin with a '/' character")]
    [InlineData("rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}]", "rules cannot apply to both regular resources and non-resource URLs")]
    [InlineData("rules: [{level: None, resources: [{resourceNames: [a]}]}]", "rules[0].resources.resourceNames: Invalid value: [\"a\"]: using resourceNames requires at least one resource")]
    [InlineData("omitStages: [Never]\nrules: [{level: None}]", "omitStages[0]: Invalid value: \"Never\": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic")]
    public void A_policy_that_makes_no_sense_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Policy(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_policy_is_refused() => Assert.Throws<FormatException>(() => AuditPolicy.Parse("apiVersion: v1\nkind: Pod"u8.ToArray()));

    private static AuditPolicy Policy(string text) => AuditPolicy.Parse(Encoding.UTF8.GetBytes("apiVersion: audit.k8s.io/v1\nkind: Policy\n" + text));

    private static RequestInfo Of(string verb, string resource) => new() { IsResourceRequest = true, Verb = verb, Path = "/", ApiVersion = "v1", Resource = resource };
}
