using System.Text;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.StaticTokens;
using GrainKube.Controllers.Tests.Wire;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Access;

/// <summary>A cluster that knows tokens of a file and lets nobody be anonymous.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private GrainKubeCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await GrainKubeCluster.StartAsync(options => options with
    {
        Authentication = new AuthenticationOptions { Anonymous = false, StaticTokens = [new StaticToken("secret", "jane", "u-1", ["devs"])] },
    });

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Callers_are_who_their_tokens_say()
    {
        using var nobody = WireClient.Nobody(cluster);
        Assert.Equal(401, (await nobody.GetAsync("/livez")).Code);
        using var jane = WireClient.WithToken(cluster, "secret");
        var self = await jane.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""");
        Assert.Equal("""{"username":"jane","uid":"u-1","groups":["devs","system:authenticated"]}""", self.Body["status"]!["userInfo"]!.ToJsonString());
        using var admin = WireClient.Admin(cluster);
        var review = await admin.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"secret"}}""");
        Assert.Equal("""{"authenticated":true,"user":{"username":"jane","uid":"u-1","groups":["devs","system:authenticated"]},"audiences":["https://kubernetes.default.svc.cluster.local"]}""", review.Body["status"]!.ToJsonString());
        var other = await admin.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"secret","audiences":["vault"]}}""");
        Assert.Null(other.Body["status"]!["authenticated"]);
    }

    [Fact]
    public async Task A_bootstrap_token_of_a_secret_opens_the_door_of_nodes()
    {
        using var admin = WireClient.Admin(cluster);
        static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        await admin.PostAsync("/api/v1/namespaces/kube-system/secrets", $$"""
            {"apiVersion":"v1","kind":"Secret","type":"bootstrap.kubernetes.io/token","metadata":{"name":"bootstrap-token-abcdef"},
             "data":{"token-id":"{{Encoded("abcdef")}}","token-secret":"{{Encoded("0123456789abcdef")}}","usage-bootstrap-authentication":"{{Encoded("true")}}"} }
            """);
        using var node = WireClient.WithToken(cluster, "abcdef.0123456789abcdef");
        var self = await node.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""");
        Assert.Equal("""{"username":"system:bootstrap:abcdef","groups":["system:bootstrappers","system:authenticated"]}""", self.Body["status"]!["userInfo"]!.ToJsonString());
    }

    [Fact]
    public async Task A_node_reads_what_its_pods_refer_to_and_nothing_else()
    {
        var ns = await cluster.NamespaceAsync();
        using var admin = WireClient.Admin(cluster);
        foreach (var name in new[] { "used", "other" })
        {
            await admin.PostAsync($"/api/v1/namespaces/{ns.Name}/secrets", $$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"{{name}}"} }""");
        }

        var pod = await admin.PostAsync($"/api/v1/namespaces/{ns.Name}/pods", $$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"nodeName":"{{cluster.Host.NodeName}}","containers":[{"name":"c","image":"i"}],"volumes":[{"name":"s","secret":{"secretName":"used"} }]} }
            """);
        Assert.Equal(201, pod.Code);
        await cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        using var node = WireClient.As(cluster, $"system:node:{cluster.Host.NodeName}", "system:nodes");
        Assert.Equal(200, (await node.GetAsync($"/api/v1/namespaces/{ns.Name}/secrets/used")).Code);
        var refused = await node.GetAsync($"/api/v1/namespaces/{ns.Name}/secrets/other");
        Assert.Equal(403, refused.Code);
        Assert.EndsWith($"no relationship found between node '{cluster.Host.NodeName}' and this object", refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await node.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3D{cluster.Host.NodeName}")).Code);
        Assert.Equal(403, (await node.GetAsync("/api/v1/pods")).Code);
        var label = await node.MergeAsync($"/api/v1/nodes/{cluster.Host.NodeName}", """{"metadata":{"labels":{"node-restriction.kubernetes.io/team":"a"}}}""");
        Assert.Equal(403, label.Code);
        Assert.EndsWith("is not allowed to modify labels: node-restriction.kubernetes.io/team", label.Message, StringComparison.Ordinal);
        var token = await node.PostAsync($"/api/v1/namespaces/{ns.Name}/serviceaccounts/default/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""");
        Assert.EndsWith("node requested token not bound to a pod", token.Message, StringComparison.Ordinal);
        var bound = $$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"{{pod.Text("metadata", "uid")}}"} } }""";
        Assert.Equal(201, (await node.PostAsync($"/api/v1/namespaces/{ns.Name}/serviceaccounts/default/token", bound)).Code);
    }

    [Fact]
    public async Task Rules_of_a_user_are_listed_and_roles_that_give_more_than_he_has_are_refused()
    {
        var ns = await cluster.NamespaceAsync();
        using var admin = WireClient.Admin(cluster);
        await admin.PostAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns.Name}/rolebindings", """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"admin"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"admin"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"jane"}]}
            """);
        using var jane = WireClient.WithToken(cluster, "secret");
        await cluster.EventuallyAsync<V1ClusterRole>(o => o.Header.Name == "admin", roles => roles is [var role] && Gives(role.As<V1ClusterRole>(), "pods/exec")); // a controller aggregates it, by way of edit
        await cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        var rules = await jane.PostAsync(
            "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"{{ns.Name}}"} }""");
        Assert.False((bool)rules.Body["status"]!["incomplete"]!);
        Assert.Contains(rules.Body["status"]!["resourceRules"]!.AsArray(), r => r!["resources"]!.AsArray().Any(name => (string?)name == "pods/exec"));
        var refused = await jane.PostAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{ns.Name}/roles", """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"more"},"rules":[{"apiGroups":["example.com"],"resources":["widgets"],"verbs":["get"]}]}
            """);
        Assert.Equal(403, refused.Code);
        Assert.Equal(
            "roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"jane\" (groups=[\"devs\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
                + "{APIGroups:[\"example.com\"], Resources:[\"widgets\"], Verbs:[\"get\"]}",
            refused.Message);
    }

    [Fact]
    public async Task Whoever_may_acts_as_another_in_every_part()
    {
        using var admin = WireClient.Admin(cluster);
        admin.Headers.Add("Impersonate-User", "joe");
        admin.Headers.Add("Impersonate-Group", "ops");
        admin.Headers.Add("Impersonate-Uid", "7");
        admin.Headers.Add("Impersonate-Extra-scopes", "view");
        var self = await admin.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""");
        Assert.Equal("""{"username":"joe","uid":"7","groups":["ops","system:authenticated"],"extra":{"scopes":["view"]}}""", self.Body["status"]!["userInfo"]!.ToJsonString());
    }

    private static bool Gives(V1ClusterRole role, string resource) => role.Rules?.Any(rule => rule.Resources?.Contains(resource) ?? false) ?? false;
}
