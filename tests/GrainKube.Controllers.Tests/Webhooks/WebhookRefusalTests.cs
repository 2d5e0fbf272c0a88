using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Webhooks;

[Collection(ClusterTests.Name)]
public sealed class WebhookRefusalTests(ClusterFixture fixture)
{
    [Fact]
    public async Task What_controllers_write_passes_the_webhooks_too()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var name = $"closed-{ns.Name}";
        await fixture.Cluster.ApplyAsync((JsonObject)JsonNode.Parse($$"""
            {
              "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "{{name}}"},
              "webhooks": [{
                "name": "nobody.example.com", "clientConfig": {"url": "https://127.0.0.1:1/"}, "sideEffects": "None", "admissionReviewVersions": ["v1"],
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "{{ns.Name}}"} },
                "rules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}]
              }]
            }
            """)!);
        try
        {
            await fixture.Cluster.Objects.WaitForOwnWritesAsync(CancellationToken.None);
            await ns.ApplyAsync(Sample.ReplicaSet("web", 1));
            var refused = await ns.EventAsync("web", "FailedCreate");
            Assert.Contains("Internal error occurred: failed calling webhook \"nobody.example.com\"", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await fixture.Cluster.Objects.DeleteAsync(new ObjectKey("admissionregistration.k8s.io", "validatingwebhookconfigurations", "", name), null, CancellationToken.None);
        }

        // Nobody stands in the way any more.
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 1);
    }
}
