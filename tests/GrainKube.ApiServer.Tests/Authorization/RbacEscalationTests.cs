using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Tests.Admission;
using GrainKube.Security.Rbac;
using Xunit;
using static GrainKube.ApiServer.Tests.Authorization.Access;

namespace GrainKube.ApiServer.Tests.Authorization;

public sealed class RbacEscalationTests
{
    private const string Reader = """{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""";
    private const string More = """{"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["get","list"]}]}""";
    private readonly Access access = new Access().Let("bob", "web", "get", "", "pods");

    private RbacEscalation Plugin => new(access.Index, access.Question);

    [Fact]
    public async Task One_may_hand_on_what_one_holds() => await Role("web", "r", Reader).ValidatedByAsync(Plugin);

    [Fact]
    public async Task More_than_one_holds_is_refused()
    {
        var status = await Role("web", "r1", More).RefusedByAsync(Plugin);
        Assert.Equal(403, status.Code);
        Assert.Equal(
            "roles.rbac.authorization.k8s.io \"r1\" is forbidden: user \"bob\" (groups=[\"g1\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}",
            status.Message);
    }

    [Fact]
    public async Task Who_may_escalate_may_and_so_may_masters()
    {
        access.Let("bob", "web", "escalate", RoleReference.Group, "roles");
        await Role("web", "r", More).ValidatedByAsync(Plugin);
        await Role("db", "r", More, user: "root", groups: "system:masters").ValidatedByAsync(Plugin);
    }

    [Fact]
    public async Task An_update_that_leaves_the_rules_alone_passes() =>
        await Asking.Create("roles", "web", "r", More, RoleReference.Group, User("bob"), AdmissionOperation.Update, More).ValidatedByAsync(Plugin);

    [Fact]
    public async Task Aggregation_is_for_who_may_do_everything()
    {
        var role = """{"rules":[],"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}""";
        var status = await Asking.Create("clusterroles", "", "c", role, RoleReference.Group, User("bob")).RefusedByAsync(Plugin);
        Assert.Equal("clusterroles.rbac.authorization.k8s.io \"c\" is forbidden: must have cluster-admin privileges to use an aggregationRule", status.Message);
    }

    [Fact]
    public async Task Binding_a_role_needs_its_rules_or_the_verb_bind()
    {
        access.Put(RoleReference.ClusterRoles, "", "nodes", JsonNode.Parse(More)!.AsObject());
        Assert.Contains("is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"nodes\"]", (await Binding("nodes").RefusedByAsync(Plugin)).Message, StringComparison.Ordinal);
        access.Let("bob", "web", "bind", RoleReference.Group, "clusterroles", "nodes");
        await Binding("nodes").ValidatedByAsync(Plugin);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_not_found()
    {
        var status = await Binding("nonexistent").RefusedByAsync(Plugin);
        Assert.Equal((404, "clusterroles.rbac.authorization.k8s.io \"nonexistent\" not found"), (status.Code, status.Message));
    }

    private static AdmissionRequest Role(string ns, string name, string json, string user = "bob", params string[] groups) =>
        Asking.Create("roles", ns, name, json, RoleReference.Group, User(user, groups.Length == 0 ? ["g1", "system:authenticated"] : groups));

    private static AdmissionRequest Binding(string role) => Asking.Create(
        "rolebindings",
        "web",
        "b",
        $$"""{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{role}}"},"subjects":[{"kind":"User","name":"bob"}]}""",
        RoleReference.Group,
        User("bob"));
}
