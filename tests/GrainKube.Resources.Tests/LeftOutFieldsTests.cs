using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>What upstream's encoder leaves out is not there for anybody: it is not stored, not compared and not owned.</summary>
public sealed class LeftOutFieldsTests
{
    [Fact]
    public void An_empty_text_zero_or_false_goes_where_upstream_has_no_pointer()
    {
        var (pod, errors) = Written.Create("pods", """
            {"metadata":{"name":"p","generateName":""},"spec":{"hostname":"","hostNetwork":false,"containers":[{"name":"c","image":"i","workingDir":"","stdin":false,
              "ports":[{"name":"","containerPort":80,"hostPort":0}]}]}}
            """);
        Assert.Empty(errors);
        var container = pod["spec"]!["containers"]![0]!;
        Assert.All(
            (IEnumerable<(JsonNode Owner, string Field)>)
            [
                (pod["metadata"]!, "generateName"), (pod["spec"]!, "hostname"), (pod["spec"]!, "hostNetwork"), (container, "workingDir"), (container, "stdin"),
                (container["ports"]![0]!, "name"), (container["ports"]![0]!, "hostPort"),
            ],
            left => Assert.False(left.Owner.AsObject().ContainsKey(left.Field), left.Field));
    }

    [Fact]
    public void What_upstream_keeps_a_pointer_to_stays()
    {
        var (claim, _) = Written.Create("persistentvolumeclaims", """{"metadata":{"name":"c"},"spec":{"storageClassName":"","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        Assert.Equal("", (string?)claim["spec"]!["storageClassName"]);
        var (pod, _) = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"i"}]}}""");
        Assert.False((bool)pod["spec"]!["automountServiceAccountToken"]!);
        Assert.Equal(0, (int)pod["spec"]!["terminationGracePeriodSeconds"]!);
    }

    [Fact]
    public void Entries_of_maps_and_lists_may_be_empty()
    {
        var (map, _) = Written.Create("configmaps", """{"metadata":{"name":"m","labels":{"a":""}},"data":{"k":""}}""");
        Assert.Equal(("", ""), ((string?)map["metadata"]!["labels"]!["a"], (string?)map["data"]!["k"]));
        var (role, _) = Written.Create("roles.rbac.authorization.k8s.io", """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""");
        Assert.Equal("""[""]""", role["rules"]![0]!["apiGroups"]!.ToJsonString());
    }
}
