using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Resources;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Reconciliation.Tests;

public sealed class ReconcilerWiringTests
{
    private static readonly ResourceRegistry Registry = new(BuiltInResources.All);

    [Fact]
    public void A_dependent_wakes_its_controlling_owner() =>
        Assert.Equal([Set("web")], Wakes(null, Pod(Owner("web", "u1"))));

    [Fact]
    public void A_dependent_that_changes_hands_wakes_both() =>
        Assert.Equal([Set("new"), Set("old")], Wakes(Pod(Owner("old", "u1")), Pod(Owner("new", "u2"))));

    [Fact]
    public void A_deleted_dependent_wakes_its_owner() => Assert.Equal([Set("web")], Wakes(Pod(Owner("web", "u1")), null));

    [Fact]
    public void Owners_of_other_kinds_and_without_control_are_not_woken()
    {
        Assert.Empty(Wakes(null, Pod(Owner("web", "u1", kind: "Job", version: "batch/v1"))));
        Assert.Empty(Wakes(null, Pod(Owner("web", "u1", controls: false))));
        Assert.Empty(Wakes(null, Pod("")));
    }

    [Fact]
    public void Owning_before_reconciling_is_a_mistake() => Assert.Throws<InvalidOperationException>(() => new ReconcilerWiring(Registry).Owns<V1Pod>());

    private static IEnumerable<ObjectKey> Wakes(KubeObject? before, KubeObject? after)
    {
        var wiring = new ReconcilerWiring(Registry).Reconciles<V1ReplicaSet>().Owns<V1Pod>();
        return wiring.Triggers.Single(t => t.Kinds(Registry.Find(typeof(V1Pod)))).Keys(new ObjectChange(before, after, 2));
    }

    private static ObjectKey Set(string name) => new("apps", "replicasets", "n", name);

    private static string Owner(string name, string uid, string kind = "ReplicaSet", string version = "apps/v1", bool controls = true) =>
        $$"""{"apiVersion":"{{version}}","kind":"{{kind}}","name":"{{name}}","uid":"{{uid}}","controller":{{(controls ? "true" : "false")}} }""";

    private static KubeObject Pod(string owner)
    {
        var json = Sample.Pod("p");
        json["metadata"]!["namespace"] = "n";
        json["metadata"]!["ownerReferences"] = owner.Length == 0 ? null : new System.Text.Json.Nodes.JsonArray(Sample.Parse(owner));
        return Sample.Object("", "pods", json);
    }
}
