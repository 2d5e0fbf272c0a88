using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>What a change of one field does, field by field, as a real control plane answers.</summary>
public sealed class UpdatedFieldsTests
{
    [Theory]
    [InlineData(
        "storageclasses.storage.k8s.io",
        """{"metadata":{"name":"a"},"provisioner":"example.com/p","allowedTopologies":[{"matchLabelExpressions":[{"key":"k","values":["v"]}]}]}""",
        """{"allowedTopologies":[{"matchLabelExpressions":[{"key":"Bad Key!","values":["v"]}]}]}""",
        "allowedTopologies[0].matchLabelExpressions[0].key: Invalid value: \"Bad Key!\"")]
    [InlineData("storageclasses.storage.k8s.io", """{"metadata":{"name":"a"},"provisioner":"example.com/p"}""", """{"allowedTopologies":[{}]}""", "allowedTopologies[0].matchLabelExpressions: Duplicate value: \"\"")]
    [InlineData("storageclasses.storage.k8s.io", """{"metadata":{"name":"a"},"provisioner":"example.com/p"}""", """{"reclaimPolicy":""}""", "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.")]
    [InlineData(
        "runtimeclasses.node.k8s.io",
        """{"metadata":{"name":"a"},"handler":"h"}""",
        """{"scheduling":{"tolerations":[{"key":"k","operator":"Sometimes"}]}}""",
        "scheduling.tolerations.tolerations[0].operator: Unsupported value: \"Sometimes\"")]
    [InlineData("runtimeclasses.node.k8s.io", """{"metadata":{"name":"a"},"handler":"h"}""", """{"handler":null}""", "handler: Invalid value: \"\": field is immutable")]
    [InlineData("ingressclasses.networking.k8s.io", """{"metadata":{"name":"a"},"spec":{"controller":"a.b/c"}}""", """{"spec":null}""", "spec.controller: Invalid value: \"\": field is immutable")]
    [InlineData("nodes", """{"metadata":{"name":"a"},"spec":{"podCIDR":"10.1.0.0/24"}}""", """{"spec":{"podCIDR":"10.2.0.0/24"}}""", "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid")]
    [InlineData("nodes", """{"metadata":{"name":"a"}}""", """{"spec":{"externalID":"x"}}""", "[]: Forbidden: node updates may only change labels, taints, or capacity")]
    [InlineData(
        "ingresses.networking.k8s.io",
        """{"metadata":{"name":"a"},"spec":{"defaultBackend":{"service":{"name":"s","port":{"name":"p"}}}}}""",
        """{"spec":{"defaultBackend":{"service":{"port":{"number":-1}}}}}""",
        "spec.defaultBackend: Invalid value: \"\": cannot set both port name & port number")]
    [InlineData(
        "endpoints",
        """{"metadata":{"name":"a"}}""",
        """{"subsets":[{"addresses":[{}]}]}""",
        "subsets[0].addresses[0].ip: Invalid value: \"\"")]
    public void A_change_is_refused(string resource, string json, string merged, string error)
    {
        var (current, wrong) = Written.Create(resource, json);
        Assert.Empty(wrong);
        Assert.Contains(Changed(resource, current, merged).Errors, found => found.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void Status_of_an_ingress_names_addresses_and_hosts()
    {
        var (current, _) = Written.Create("ingresses.networking.k8s.io", """{"metadata":{"name":"a"},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}""");
        var (_, errors) = Written.Update(
            "ingresses.networking.k8s.io", current, i => i["status"] = JsonNode.Parse("""{"loadBalancer":{"ingress":[{"ip":"1.2.3"},{"hostname":"A_b"},{"hostname":"1.2.3.4"}]}}"""), "status");
        Written.AssertBegins(
            [
                "status.loadBalancer.ingress[0].ip: Invalid value: \"1.2.3\": must be a valid IP address",
                "status.loadBalancer.ingress[1].hostname: Invalid value: \"A_b\": a lowercase RFC 1123 subdomain",
                "status.loadBalancer.ingress[2].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address",
            ],
            errors);
    }

    [Fact]
    public void A_selector_term_without_a_key_is_told_of() => Assert.Contains(
        Written.Create(
            "deployments.apps",
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchExpressions":[{"operator":"Exists"}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""").Errors,
        found => found.StartsWith("spec.selector.matchExpressions[0].key: Invalid value: \"\": name part must be non-empty", StringComparison.Ordinal));

    [Fact]
    public void A_runtime_class_may_be_absent_but_not_empty() => Assert.Contains(
        Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"runtimeClassName":"","containers":[{"name":"c","image":"i"}]}}""").Errors,
        found => found.StartsWith("spec.runtimeClassName: Invalid value: \"\"", StringComparison.Ordinal));

    [Fact]
    public void A_priority_class_is_of_the_first_generation() =>
        Assert.Equal(1, (int)Written.Create("priorityclasses.scheduling.k8s.io", """{"metadata":{"name":"a"},"value":1}""").Item["metadata"]!["generation"]!);

    [Fact]
    public void Of_an_accounts_secrets_only_the_names_are_kept()
    {
        var (account, _) = Written.Create("serviceaccounts", """{"metadata":{"name":"a"},"secrets":[{"name":"s","namespace":"elsewhere","kind":"Secret"}]}""");
        Assert.Equal("""[{"name":"s"}]""", account["secrets"]!.ToJsonString());
    }

    [Fact]
    public void A_nodes_range_is_the_first_of_its_ranges()
    {
        var (node, _) = Written.Create("nodes", """{"metadata":{"name":"a"},"spec":{"podCIDRs":["10.1.0.0/24","fd00::/64"]}}""");
        Assert.Equal("10.1.0.0/24", (string?)node["spec"]!["podCIDR"]);
        (node, _) = Written.Create("nodes", """{"metadata":{"name":"a"},"spec":{"podCIDR":"10.1.0.0/24"}}""");
        Assert.Equal("""["10.1.0.0/24"]""", node["spec"]!["podCIDRs"]!.ToJsonString());
    }

    [Fact]
    public void Claims_of_a_stateful_set_are_called_what_they_are()
    {
        var (set, _) = Written.Create("statefulsets.apps", """
            {"metadata":{"name":"s"},"spec":{"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}},
              "volumeClaimTemplates":[{"apiVersion":"v9","kind":"Claim","metadata":{"name":"d"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
            """);
        var claim = set["spec"]!["volumeClaimTemplates"]![0]!;
        Assert.Equal(("v1", "PersistentVolumeClaim"), ((string?)claim["apiVersion"], (string?)claim["kind"]));
    }

    private static (JsonObject Item, string[] Errors) Changed(string resource, JsonObject current, string merged) =>
        Written.Update(resource, current, item => Merge(item, JsonNode.Parse(merged)!.AsObject()));

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    into.Remove(name);
                    break;
                case JsonObject inner when into[name] is JsonObject there:
                    Merge(there, inner);
                    break;
                default:
                    into[name] = value.DeepClone();
                    break;
            }
        }
    }
}
