using GrainKube.Security.Rbac;
using Xunit;
using static GrainKube.Security.Tests.Rbac.RbacWorld;

namespace GrainKube.Security.Tests.Rbac;

public sealed class RbacIndexTests
{
    private static readonly PolicyRule ReadPods = new() { Verbs = ["get", "list"], ApiGroups = [""], Resources = ["pods"] };

    [Fact]
    public void A_role_binding_grants_in_its_namespace_only()
    {
        var world = new RbacWorld().Role("web", "reader", ReadPods).Bind("web", "readers", "Role", "reader", ("User", "", "jane"));

        Assert.Equal(new AccessDecision(true, "RBAC: allowed by RoleBinding \"readers/web\" of Role \"reader\" to User \"jane\""), world.Ask(User("jane"), "list", "pods", "web"));
        Assert.False(world.Ask(User("jane"), "list", "pods", "db").Allowed);
        Assert.False(world.Ask(User("jane"), "list", "pods").Allowed);
        Assert.False(world.Ask(User("jane"), "delete", "pods", "web").Allowed);
        Assert.False(world.Ask(User("joe"), "list", "pods", "web").Allowed);
    }

    [Fact]
    public void A_cluster_role_binding_grants_everywhere_to_a_group()
    {
        var world = new RbacWorld().Role("", "reader", ReadPods).Bind("", "readers", "ClusterRole", "reader", ("Group", "", "devs"));

        var decision = world.Ask(User("jane", "ops", "devs"), "get", "pods", "web", "a");
        Assert.Equal(new AccessDecision(true, "RBAC: allowed by ClusterRoleBinding \"readers\" of ClusterRole \"reader\" to Group \"devs\""), decision);
    }

    [Fact]
    public void A_service_account_is_a_subject()
    {
        var world = new RbacWorld().Role("", "reader", ReadPods).Bind("web", "b", "ClusterRole", "reader", ("ServiceAccount", "ci", "robot"));

        Assert.Equal(
            "RBAC: allowed by RoleBinding \"b/web\" of ClusterRole \"reader\" to ServiceAccount \"robot/ci\"",
            world.Ask(User("system:serviceaccount:ci:robot"), "get", "pods", "web").Reason);
    }

    [Fact]
    public void A_missing_role_is_named_in_the_reason()
    {
        var world = new RbacWorld().Bind("web", "x", "ClusterRole", "missing", ("User", "", "alice"));

        Assert.Equal(new AccessDecision(false, "RBAC: clusterrole.rbac.authorization.k8s.io \"missing\" not found"), world.Ask(User("alice"), "list", "pods", "web"));
    }

    [Theory]
    [InlineData("pods", "pods", true)]
    [InlineData("pods", "pods/log", false)]
    [InlineData("pods/log", "pods/log", true)]
    [InlineData("pods/log", "pods", false)]
    [InlineData("*/scale", "deployments/scale", true)]
    [InlineData("*/scale", "scale", false)]
    [InlineData("*", "pods/log", true)]
    [InlineData("pods/*", "pods/log", false)]
    public void Subresources_are_resources_of_their_own(string rule, string asked, bool allowed)
    {
        var world = new RbacWorld().Role("", "r", ReadPods with { Resources = [rule] }).Bind("", "b", "ClusterRole", "r", ("User", "", "jane"));
        Assert.Equal(allowed, world.Ask(User("jane"), "get", asked, "web").Allowed);
    }

    [Fact]
    public void Resource_names_bound_the_rule_and_never_match_a_request_without_a_name()
    {
        var world = new RbacWorld().Role("", "r", ReadPods with { ResourceNames = ["a"] }).Bind("", "b", "ClusterRole", "r", ("User", "", "jane"));
        Assert.True(world.Ask(User("jane"), "get", "pods", "web", "a").Allowed);
        Assert.False(world.Ask(User("jane"), "get", "pods", "web", "b").Allowed);
        Assert.False(world.Ask(User("jane"), "list", "pods", "web").Allowed);
    }

    [Theory]
    [InlineData("/metrics", "/metrics", true)]
    [InlineData("/apis/*", "/apis/apps", true)]
    [InlineData("/apis/*", "/apis", false)]
    [InlineData("*", "/x", true)]
    public void Paths_match_whole_or_by_a_star_at_the_end(string rule, string path, bool allowed)
    {
        var world = new RbacWorld().Role("", "r", new PolicyRule { Verbs = ["get"], NonResourceUrls = [rule] }).Bind("", "b", "ClusterRole", "r", ("User", "", "jane"));
        Assert.Equal(allowed, world.AskPath(User("jane"), "get", path).Allowed);
        Assert.False(world.AskPath(User("jane"), "post", path).Allowed);
    }

    [Fact]
    public void A_changed_or_deleted_binding_stops_granting()
    {
        var world = new RbacWorld().Role("", "r", ReadPods).Bind("", "b", "ClusterRole", "r", ("User", "", "jane"), ("User", "", "joe"));
        world.Bind("", "b", "ClusterRole", "r", ("User", "", "joe"));
        Assert.False(world.Ask(User("jane"), "get", "pods").Allowed);
        Assert.True(world.Ask(User("joe"), "get", "pods").Allowed);

        world.Unbind("", "b");
        Assert.False(world.Ask(User("joe"), "get", "pods").Allowed);
    }

    [Theory]
    [InlineData("pods", "", "web", "User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"web\"")]
    [InlineData("deployments", "scale", "", "User \"jane\" cannot list resource \"deployments/scale\" in API group \"\" at the cluster scope")]
    public void A_denial_reads_as_upstreams(string resource, string subresource, string ns, string expected)
    {
        var asked = new AccessAttributes { User = User("jane"), Verb = "list", Resource = resource, Subresource = subresource, Namespace = ns };
        Assert.Equal(expected, asked.DenialText);
        Assert.Equal($"{resource} is forbidden: {expected}: why", asked.Denied("why").Status.Message);
        Assert.Equal(403, asked.Denied("").Status.Code);
    }

    [Fact]
    public void A_denied_path_reads_as_upstreams()
    {
        var asked = new AccessAttributes { User = User("system:anonymous"), Verb = "get", IsResource = false, Path = "/foo" };
        Assert.Equal("forbidden: User \"system:anonymous\" cannot get path \"/foo\"", asked.Denied("").Status.Message);
    }
}
