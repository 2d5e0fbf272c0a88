using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Bootstrap;
using GrainKube.Objects.Client;
using GrainKube.Security.Pki;
using GrainKube.Security.Rbac;
using Xunit;

namespace GrainKube.ApiServer.Tests.Bootstrap;

public sealed class BootstrapperTests(IdentityWorld world) : IClassFixture<IdentityWorld>
{
    private static readonly UserInfo Jane = new() { Name = "jane", Groups = ["system:authenticated"] };

    private ObjectClient Server => world.As(UserInfo.Server);

    [Fact]
    public void A_new_cluster_has_its_namespaces_classes_and_policy()
    {
        string[] Names(GroupResource resource) => [.. Server.Cache.Kind(resource).Snapshot.All.Select(o => o.Key.Name)];
        Assert.Superset(new HashSet<string>(["default", "kube-node-lease", "kube-public", "kube-system"]), Names(new("", "namespaces")).ToHashSet());
        Assert.Equal(["system-cluster-critical", "system-node-critical"], Names(new("scheduling.k8s.io", "priorityclasses")));
        Assert.Contains("system:controller:replicaset-controller", Names(RoleReference.ClusterRoles));
        Assert.Contains("cluster-admin", Names(RoleReference.ClusterRoleBindings));
        Assert.Contains("system:controller:token-cleaner", Names(RoleReference.RoleBindings));
    }

    [Fact]
    public async Task A_second_start_writes_nothing_and_a_lost_role_comes_back()
    {
        await Server.DeleteAsync(new ObjectKey(RoleReference.Group, "clusterroles", "", "system:heapster"), null, CancellationToken.None);
        await Server.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        var bootstrapper = world.Service<Bootstrapper>();
        await bootstrapper.RunAsync(CancellationToken.None);
        Assert.NotNull(Server.Get(new ObjectKey(RoleReference.Group, "clusterroles", "", "system:heapster")));

        long Newest() => new[] { RoleReference.ClusterRoles, RoleReference.Roles, RoleReference.ClusterRoleBindings, RoleReference.RoleBindings }
            .SelectMany(kind => Server.Cache.Kind(kind).Snapshot.All).Where(o => o.Key.Name.StartsWith("system:", StringComparison.Ordinal)).Max(o => o.Revision);
        var before = Newest();
        await bootstrapper.RunAsync(CancellationToken.None);
        await Server.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        Assert.Equal(before, Newest());
    }

    [Fact]
    public async Task Access_follows_the_bindings_as_they_change()
    {
        var may = new AccessAttributes { User = Jane, Verb = "impersonate", ApiGroup = "", Resource = "serviceaccounts", Namespace = "default" };
        var question = world.Service<AccessQuestion>();
        Assert.False((await question.AskAsync(may, CancellationToken.None)).Allowed);
        var role = await Server.CreateAsync(
            Json("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r","namespace":"default"},"rules":[{"verbs":["impersonate"],"apiGroups":[""],"resources":["serviceaccounts"]}]}"""),
            CancellationToken.None);
        await Server.CreateAsync(
            Json("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"b","namespace":"default"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"jane"}]}"""),
            CancellationToken.None);
        await Server.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        Assert.Equal("RBAC: allowed by RoleBinding \"b/default\" of Role \"r\" to User \"jane\"", (await question.AskAsync(may, CancellationToken.None)).Reason);

        await Server.DeleteAsync(role.Key, null, CancellationToken.None);
        await Server.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        Assert.Equal(new(false, "RBAC: role.rbac.authorization.k8s.io \"r\" not found"), await question.AskAsync(may, CancellationToken.None));
    }

    [Fact]
    public async Task Escalation_is_refused_by_the_write_itself()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.As(Jane).CreateAsync(
            Json("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"mine"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}"""),
            CancellationToken.None));
        Assert.Equal(403, refusal.Status.Code);
        Assert.StartsWith(
            "clusterroles.rbac.authorization.k8s.io \"mine\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) is attempting to grant", refusal.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_passes_all_plugins()
    {
        var ns = $"ns-{Guid.NewGuid():N}";
        var pod = Json($$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"{{ns}}"},"spec":{"containers":[{"name":"a","image":"b"}]} }""");
        Assert.Equal($"namespaces \"{ns}\" not found", await RefusedAsync(pod));
        await Server.CreateAsync(Json($$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{ns}}"} }"""), CancellationToken.None);
        Assert.Equal($"pods \"a\" is forbidden: error looking up service account {ns}/default: serviceaccount \"default\" not found", await RefusedAsync(pod));
        await Server.CreateAsync(Json($$"""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"{{ns}}"} }"""), CancellationToken.None);

        var made = (await Server.CreateAsync(pod, CancellationToken.None)).ToNode()["spec"]!;
        Assert.Equal(("default", 0, "PreemptLowerPriority"), ((string)made["serviceAccountName"]!, (int)made["priority"]!, (string)made["preemptionPolicy"]!));
        Assert.Equal(2, made["tolerations"]!.AsArray().Count);
        Assert.StartsWith("kube-api-access-", (string)made["volumes"]![0]!["name"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_system_namespaces_cannot_be_deleted()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Server.DeleteAsync(new ObjectKey("", "namespaces", "", "kube-system"), null, CancellationToken.None));
        Assert.Equal("namespaces \"kube-system\" is forbidden: this namespace may not be deleted", refusal.Status.Message);
    }

    [Fact]
    public async Task Silos_that_share_a_store_share_the_secrets()
    {
        using var other = await ClusterSecrets.LoadAsync(new StoreVault(world.Store), TimeProvider.System, CancellationToken.None);
        Assert.Equal(world.Secrets.Authority.CertificatePem, other.Authority.CertificatePem);
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private async Task<string> RefusedAsync(JsonObject item) =>
        (await Assert.ThrowsAsync<ApiException>(() => Server.CreateAsync((JsonObject)item.DeepClone(), CancellationToken.None))).Status.Message;
}
