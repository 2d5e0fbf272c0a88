using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.StatefulSets;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.StatefulSets;

public sealed class StatefulClaimsTests
{
    private static readonly KubeObject Set = Sample.Object("apps", "statefulsets", Sample.Parse("""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","namespace":"n","uid":"s"} }"""));
    private static readonly KubeObject Pod = Sample.Object("", "pods", Sample.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","namespace":"n","uid":"p"} }"""));

    [Theory]
    [InlineData("Retain", "Retain", true, null)]
    [InlineData("Retain", "Retain", false, null)]
    [InlineData("Delete", "Retain", true, "s")]
    [InlineData("Delete", "Retain", false, "s")]
    [InlineData("Retain", "Delete", true, null)]
    [InlineData("Retain", "Delete", false, "p")]
    [InlineData("Delete", "Delete", true, "s")]
    [InlineData("Delete", "Delete", false, "p")]
    public void A_claim_is_owned_by_what_it_goes_with(string whenDeleted, string whenScaled, bool isWanted, string? owner)
    {
        var policy = new V1StatefulSetPersistentVolumeClaimRetentionPolicy { WhenDeleted = whenDeleted, WhenScaled = whenScaled };

        Assert.Equal(owner, StatefulClaims.OwnerOf(policy, Set, Pod, isWanted)?.Header.Uid);
    }

    [Fact]
    public void Owners_change_only_where_they_must()
    {
        Assert.Null(StatefulClaims.Owners(Claim("[]"), null, Set, "web-1"));
        Assert.Null(StatefulClaims.Owners(Claim(Owner("StatefulSet", "web", "s")), Set, Set, "web-1"));
        Assert.Equal("p", Uid(StatefulClaims.Owners(Claim(Owner("StatefulSet", "web", "s")), Pod, Set, "web-1")));
        Assert.Equal("s", Uid(StatefulClaims.Owners(Claim(Owner("StatefulSet", "web", "earlier")), Set, Set, "web-1")));
        Assert.Empty(StatefulClaims.Owners(Claim(Owner("Pod", "web-1", "p")), null, Set, "web-1")!);
        Assert.Null(StatefulClaims.Owners(Claim(Owner("Database", "main", "x")), Set, Set, "web-1"));
    }

    [Fact]
    public void Another_set_whose_name_begins_alike_has_other_pods()
    {
        Assert.Equal(3, Ordinals.Of("web-3", "web"));
        Assert.Null(Ordinals.Of("web-a-3", "web"));
        Assert.Equal(3, Ordinals.Of("web-a-3", "web-a"));
        Assert.Null(Ordinals.Of("web-", "web"));
        Assert.Null(Ordinals.Of("web--1", "web"));
    }

    private static string? Uid(JsonArray? owners) => (string?)owners!.Single()!["uid"];

    private static string Owner(string kind, string name, string uid) =>
        $$"""[{"apiVersion":"v1","kind":"{{kind}}","name":"{{name}}","uid":"{{uid}}","controller":true}]""";

    private static KubeObject Claim(string owners) => Sample.Object(
        "", "persistentvolumeclaims", Sample.Parse($$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data-web-1","namespace":"n","ownerReferences":{{owners}} } }"""));
}
