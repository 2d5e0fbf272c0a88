using System.Text.Json.Nodes;
using GrainKube.Resources.Core.Pods;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class LabelKeySelectorsTests
{
    [Theory]
    [InlineData("""{"matchLabelKeys":["hash"],"labelSelector":{"matchLabels":{"app":"a"}}}""", """[{"key":"hash","operator":"In","values":["7"]}]""")]
    [InlineData("""{"mismatchLabelKeys":["hash"],"labelSelector":{}}""", """[{"key":"hash","operator":"NotIn","values":["7"]}]""")]
    [InlineData("""{"matchLabelKeys":["app","hash"],"labelSelector":{"matchExpressions":[{"key":"x","operator":"Exists"}]}}""",
        """[{"key":"x","operator":"Exists"},{"key":"app","operator":"In","values":["a"]},{"key":"hash","operator":"In","values":["7"]}]""")]
    [InlineData("""{"matchLabelKeys":["absent"],"labelSelector":{}}""", null)]
    [InlineData("""{"matchLabelKeys":["hash"]}""", null)]
    public void Keys_become_the_pods_own_values(string term, string? expressions)
    {
        foreach (var (spec, path) in new[]
        {
            ("{\"topologySpreadConstraints\":[$]}", "topologySpreadConstraints[0]"),
            ("{\"affinity\":{\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[$]}}}", "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"),
            ("{\"affinity\":{\"podAntiAffinity\":{\"preferredDuringSchedulingIgnoredDuringExecution\":[{\"weight\":1,\"podAffinityTerm\":$}]}}}",
                "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm"),
        })
        {
            var pod = JsonNode.Parse("""{"metadata":{"labels":{"app":"a","hash":"7"}}}""")!.AsObject();
            pod["spec"] = JsonNode.Parse(spec.Replace("$", term, StringComparison.Ordinal));

            LabelKeySelectors.Merge(pod);

            var merged = path.Split('.').Aggregate<string, JsonNode?>(
                pod["spec"], (node, step) => step.EndsWith("[0]", StringComparison.Ordinal) ? node?[step[..^3]]?[0] : node?[step]);
            Assert.Equal(expressions, merged!["labelSelector"]?["matchExpressions"]?.ToJsonString());
        }
    }
}
