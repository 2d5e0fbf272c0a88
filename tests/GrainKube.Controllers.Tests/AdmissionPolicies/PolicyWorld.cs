using System.Text.Json.Nodes;
using GrainKube.Controllers.Tests.Wire;
using GrainKube.Testing.Clusters;

namespace GrainKube.Controllers.Tests.AdmissionPolicies;

/// <summary>A namespace of its own with policies that are about it alone.</summary>
internal sealed class PolicyWorld : IDisposable
{
    private const string Group = "admissionregistration.k8s.io";
    private readonly GrainKubeCluster cluster;

    private PolicyWorld(GrainKubeCluster cluster, string ns) => (this.cluster, Namespace, Client) = (cluster, ns, WireClient.Admin(cluster));

    public string Namespace { get; }

    public WireClient Client { get; }

    public static async Task<PolicyWorld> InAsync(GrainKubeCluster cluster)
    {
        var ns = await cluster.NamespaceAsync("policy");
        await cluster.PatchAsync(cluster.Objects.KeyOf<k8s.Models.V1Namespace>("", ns.Name), $$"""{"metadata":{"labels":{"policed":"{{ns.Name}}"} } }""");
        return new PolicyWorld(cluster, ns.Name);
    }

    /// <summary>A policy about a resource of the namespace, and its binding; when it returns, they hold.</summary>
    /// <param name="spec">Members of the policy's spec besides where it matches.</param>
    /// <param name="binding">Members of the binding's spec besides policy and namespace.</param>
    /// <param name="resource">Group, version and resource.</param>
    /// <param name="kind"><c>Validating</c> or <c>Mutating</c>.</param>
    /// <param name="operations">What it is about, as members of a JSON list.</param>
    public async Task BindAsync(string spec, string binding, string resource = "apps/v1/deployments", string kind = "Validating", string operations = "\"CREATE\",\"UPDATE\"")
    {
        var parts = resource.Split('/', 3);
        await CreateAsync(
            $"{kind}AdmissionPolicy",
            $$"""{"matchConstraints":{"resourceRules":[{"apiGroups":["{{parts[0]}}"],"apiVersions":["{{parts[1]}}"],"operations":[{{operations}}],"resources":["{{parts[2]}}"]}]},{{spec}} }""");
        await CreateAsync(
            $"{kind}AdmissionPolicyBinding",
            $$"""{"policyName":"{{Namespace}}","matchResources":{"namespaceSelector":{"matchLabels":{"policed":"{{Namespace}}"} } }{{(binding.Length > 0 ? "," + binding : "")}} }""");
        await cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
    }

    public async Task<WireAnswer> DeployAsync(string name, int replicas) => await Client.PostAsync(
        $"/apis/apps/v1/namespaces/{Namespace}/deployments",
        $$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}"},
         "spec":{"replicas":{{replicas}},"selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"containers":[{"name":"c","image":"i"}]} } } }
        """);

    public Task<WireAnswer> MapAsync(string name, string data, string labels = "{}") => Client.PostAsync(
        $"/api/v1/namespaces/{Namespace}/configmaps", $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","labels":{{labels}} },"data":{{data}} }""");

    public void Dispose() => Client.Dispose();

    private async Task CreateAsync(string kind, string spec)
    {
        var plural = kind.EndsWith("Policy", StringComparison.Ordinal) ? kind[..^1].ToLowerInvariant() + "ies" : kind.ToLowerInvariant() + "s";
        var answer = await Client.PostAsync($"/apis/{Group}/v1/{plural}", $$"""{"apiVersion":"{{Group}}/v1","kind":"{{kind}}","metadata":{"name":"{{Namespace}}"},"spec":{{spec}} }""");
        Xunit.Assert.True(answer.Code == 201, answer.Body.ToJsonString());
    }

    /// <summary>What a policy is refused with.</summary>
    public Task<WireAnswer> TryPolicyAsync(string spec, string kind = "Validating") => Client.PostAsync(
        $"/apis/{Group}/v1/{kind.ToLowerInvariant()}admissionpolicies?dryRun=All",
        new JsonObject { ["apiVersion"] = $"{Group}/v1", ["kind"] = $"{kind}AdmissionPolicy", ["metadata"] = new JsonObject { ["name"] = "p" }, ["spec"] = JsonNode.Parse(spec) }.ToJsonString());
}
