using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Requests;
using GrainKube.Resources.FlowControl;
using k8s;
using k8s.Models;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

public sealed class FlowSchemasTests
{
    private static readonly FlowSchemas Defaults = new(DefaultFlowControl.Schemas().Select(s => KubernetesJson.Deserialize<V1FlowSchema>(s.ToJsonString())).Select(s =>
        new FlowSchema(s.Metadata.Name, "", s.Spec.MatchingPrecedence!.Value, s.Spec.DistinguisherMethod?.Type ?? "", s.Spec.Rules, new PriorityLevel(s.Spec.PriorityLevelConfiguration.Name, TimeProvider.System), "")));

    [Theory]
    [InlineData("admin", "system:masters", "delete", "", "pods", "", "exempt", "exempt")]
    [InlineData("system:node:n", "system:nodes", "update", "coordination.k8s.io", "leases", "", "system-node-high", "node-high")]
    [InlineData("system:node:n", "system:nodes", "patch", "", "nodes", "status", "system-node-high", "node-high")]
    [InlineData("system:node:n", "system:nodes", "get", "", "secrets", "", "system-nodes", "system")]
    [InlineData("system:kube-scheduler", "", "create", "", "pods", "binding", "kube-scheduler", "workload-high")]
    [InlineData("system:serviceaccount:kube-system:x", "system:serviceaccounts", "get", "coordination.k8s.io", "leases", "", "system-leader-election", "leader-election")]
    [InlineData("system:serviceaccount:kube-system:x", "system:serviceaccounts", "get", "", "pods", "", "kube-system-service-accounts", "workload-high")]
    [InlineData("system:serviceaccount:kube-systems:x", "system:serviceaccounts", "get", "", "pods", "", "service-accounts", "workload-low")]
    [InlineData("jane", "system:authenticated", "get", "", "pods", "", "global-default", "global-default")]
    [InlineData("odd", "", "get", "", "pods", "", "catch-all", "catch-all")]
    public void Requests_find_the_level_that_upstream_has_for_them(string user, string group, string verb, string api, string resource, string subresource, string schema, string level)
    {
        var found = Defaults.Of(
            new UserInfo { Name = user, Groups = [group] },
            new RequestInfo { IsResourceRequest = true, Verb = verb, Path = "/", ApiGroup = api, ApiVersion = "v1", Resource = resource, Subresource = subresource, Namespace = resource == "nodes" ? "" : "ns" });
        Assert.Equal((schema, level), (found.Name, found.Level.Name));
    }

    [Theory]
    [InlineData("/livez", "probes")]
    [InlineData("/readyz/etcd", "probes")]
    [InlineData("/version", "global-default")]
    public void Probes_are_exempt(string path, string schema) =>
        Assert.Equal(schema, Defaults.Of(new UserInfo { Name = "system:anonymous", Groups = ["system:unauthenticated"] }, new RequestInfo { IsResourceRequest = false, Verb = "get", Path = path }).Name);
}
