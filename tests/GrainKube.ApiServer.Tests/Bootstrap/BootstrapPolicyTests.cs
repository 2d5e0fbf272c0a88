using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Bootstrap;
using GrainKube.Security.Rbac;
using Xunit;

namespace GrainKube.ApiServer.Tests.Bootstrap;

public sealed class BootstrapPolicyTests
{
    private static readonly IReadOnlyList<JsonObject> Policy = BootstrapPolicy.Objects();

    [Fact]
    public void Every_object_is_there_once_and_marked_as_ours()
    {
        Assert.Equal(Policy.Count, Policy.Select(o => $"{o["kind"]}/{o["metadata"]!["namespace"]}/{o["metadata"]!["name"]}").Distinct().Count());
        Assert.All(Policy, o =>
        {
            Assert.Equal("rbac-defaults", (string?)o["metadata"]!["labels"]!["kubernetes.io/bootstrapping"]);
            Assert.Equal("true", (string?)o["metadata"]!["annotations"]!["rbac.authorization.kubernetes.io/autoupdate"]);
        });
    }

    [Fact]
    public void Every_binding_finds_its_role()
    {
        var roles = Policy.Where(o => o["rules"] is not null).Select(o => $"{o["kind"]}/{o["metadata"]!["namespace"]}/{o["metadata"]!["name"]}").ToHashSet();
        Assert.All(
            Policy.Where(o => o["roleRef"] is not null),
            b => Assert.Contains($"{b["roleRef"]!["kind"]}/{b["metadata"]!["namespace"]}/{b["roleRef"]!["name"]}", roles));
    }

    [Fact]
    public void The_roles_for_people_are_put_together_by_labels()
    {
        string? Selects(string name) => Role(name)["aggregationRule"]!["clusterRoleSelectors"]![0]!["matchLabels"]!.ToJsonString();
        Assert.Equal("""{"rbac.authorization.k8s.io/aggregate-to-admin":"true"}""", Selects("admin"));
        Assert.Equal("true", (string?)Role("edit")["metadata"]!["labels"]!["rbac.authorization.k8s.io/aggregate-to-admin"]);
        Assert.Equal("true", (string?)Role("system:aggregate-to-view")["metadata"]!["labels"]!["rbac.authorization.k8s.io/aggregate-to-view"]);
        Assert.Empty(Role("view")["rules"]!.AsArray());
    }

    [Theory]
    [InlineData("system:serviceaccount:kube-system:replicaset-controller", "create", "", "pods", true)]
    [InlineData("system:serviceaccount:kube-system:replicaset-controller", "create", "", "nodes", false)]
    [InlineData("system:serviceaccount:kube-system:generic-garbage-collector", "delete", "apps", "deployments", true)]
    [InlineData("system:serviceaccount:kube-system:horizontal-pod-autoscaler", "update", "apps", "deployments/scale", true)]
    [InlineData("system:kube-scheduler", "create", "", "pods/binding", true)]
    [InlineData("jane", "list", "", "pods", false)]
    [InlineData("jane", "create", "authorization.k8s.io", "selfsubjectaccessreviews", true)]
    public void The_policy_decides_as_upstreams(string user, string verb, string group, string resource, bool allowed)
    {
        var index = new RbacIndex();
        foreach (var item in Policy)
        {
            var kind = ((string)item["kind"]!).ToLowerInvariant() + "s";
            var (ns, name) = ((string?)item["metadata"]!["namespace"] ?? "", (string)item["metadata"]!["name"]!);
            var header = new ObjectHeader { ApiVersion = "", Kind = "", Name = name, Namespace = ns, Uid = "", Revision = 1 };
            index.Put(new KubeObject(new ObjectKey(RoleReference.Group, kind, ns, name), header, Encoding.UTF8.GetBytes(item.ToJsonString())));
        }

        var parts = resource.Split('/');
        var asked = new AccessAttributes
        {
            User = new UserInfo { Name = user, Groups = ["system:authenticated"] },
            Verb = verb,
            ApiGroup = group,
            Resource = parts[0],
            Subresource = parts.Length > 1 ? parts[1] : "",
            Namespace = "web",
        };
        Assert.Equal(allowed, index.Decide(asked).Allowed);
    }

    [Fact]
    public void A_policy_that_is_whole_is_left_alone() => Assert.All(Policy, o => Assert.Null(PolicyUpdate.PatchFor(o, (JsonObject)o.DeepClone())));

    [Fact]
    public void Lost_rules_come_back_and_added_ones_stay()
    {
        var current = (JsonObject)Role("system:kube-dns").DeepClone();
        current["rules"] = JsonNode.Parse("""[{"verbs":["get"],"apiGroups":["x"],"resources":["ys"]},{"verbs":["list","watch"],"apiGroups":[""],"resources":["services"]}]""");
        var patch = PolicyUpdate.PatchFor(Role("system:kube-dns"), current)!;
        Assert.Equal(
            """{"rules":[{"verbs":["get"],"apiGroups":["x"],"resources":["ys"]},{"verbs":["list","watch"],"apiGroups":[""],"resources":["services"]},{"verbs":["list","watch"],"apiGroups":[""],"resources":["endpoints"]}]}""",
            patch.ToJsonString());
    }

    [Fact]
    public void Lost_subjects_and_labels_come_back()
    {
        var wanted = Policy.Single(o => (string?)o["kind"] == "ClusterRoleBinding" && (string?)o["metadata"]!["name"] == "system:basic-user");
        var current = JsonNode.Parse("""
            {"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"true"}},"roleRef":{"kind":"ClusterRole","name":"system:basic-user"},"subjects":[{"kind":"User","name":"x"}]}
            """)!.AsObject();
        Assert.Equal(
            """{"metadata":{"labels":{"kubernetes.io/bootstrapping":"rbac-defaults"}},"subjects":[{"kind":"User","name":"x"},{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:authenticated"}]}""",
            PolicyUpdate.PatchFor(wanted, current)!.ToJsonString());
        Assert.False(PolicyUpdate.MustBeReplaced(wanted, current));
        current["roleRef"]!["name"] = "cluster-admin";
        Assert.True(PolicyUpdate.MustBeReplaced(wanted, current));
    }

    [Fact]
    public void An_administrator_may_opt_out()
    {
        var current = JsonNode.Parse("""{"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"false"}},"rules":[]}""")!.AsObject();
        Assert.Null(PolicyUpdate.PatchFor(Role("system:kube-dns"), current));
    }

    [Fact]
    public void A_line_that_is_no_rule_is_an_error() => Assert.Throws<FormatException>(() => BootstrapPolicy.Parse("clusterrole x\n  get core pods a b c"));

    private static JsonObject Role(string name) => Policy.Single(o => (string?)o["kind"] == "ClusterRole" && (string?)o["metadata"]!["name"] == name);
}
