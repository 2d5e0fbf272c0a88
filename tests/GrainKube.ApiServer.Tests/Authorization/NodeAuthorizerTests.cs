using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authorization.Nodes;
using GrainKube.ApiServer.Requests;
using GrainKube.ApiServer.Tests.Admission;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authorization;

public sealed class NodeAuthorizerTests
{
    private const string Unrelated = "no relationship found between node 'n1' and this object";

    private readonly FakeObjects objects = new FakeObjects()
        .Add("", "pods", "web", "p", """
            {"metadata":{"name":"p"},"spec":{"nodeName":"n1","serviceAccountName":"robot","imagePullSecrets":[{"name":"pull"}],
             "containers":[{"env":[{"valueFrom":{"secretKeyRef":{"name":"env"}}},{"valueFrom":{"configMapKeyRef":{"name":"env"}}}],"envFrom":[{"secretRef":{"name":"all"}}]}],
             "volumes":[{"name":"a","secret":{"secretName":"volume"}},{"name":"b","configMap":{"name":"volume"}},{"name":"c","persistentVolumeClaim":{"claimName":"claim"}},
              {"name":"d","projected":{"sources":[{"secret":{"name":"projected"}},{"configMap":{"name":"projected"}}]}},{"name":"e","ephemeral":{}}]},
             "status":{"resourceClaimStatuses":[{"name":"gpu","resourceClaimName":"gpu-1"}]}}
            """)
        .Add("", "pods", "web", "q", """{"metadata":{"name":"q"},"spec":{"nodeName":"n2","volumes":[{"name":"a","secret":{"secretName":"other"}}]}}""")
        .Add("", "pods", "web", "mirror", """{"metadata":{"annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{"nodeName":"n1","volumes":[{"name":"a","secret":{"secretName":"stolen"}}]}}""")
        .Add("", "persistentvolumeclaims", "web", "claim", """{"spec":{"volumeName":"v"}}""")
        .Add("", "persistentvolumes", "", "v", """{"spec":{"claimRef":{"namespace":"web","name":"claim"},"csi":{"nodePublishSecretRef":{"namespace":"storage","name":"driver"}}}}""")
        .Add("", "persistentvolumes", "", "w", """{"spec":{}}""")
        .Add("storage.k8s.io", "volumeattachments", "", "att", """{"spec":{"nodeName":"n1"}}""");

    [Theory]
    [InlineData("get secrets web/pull")]
    [InlineData("watch secrets web/env")]
    [InlineData("get secrets web/all")]
    [InlineData("get secrets web/volume")]
    [InlineData("list secrets web/projected")]
    [InlineData("get secrets storage/driver")]
    [InlineData("get configmaps web/env")]
    [InlineData("get configmaps web/volume")]
    [InlineData("get configmaps web/projected")]
    [InlineData("get persistentvolumeclaims web/claim")]
    [InlineData("get persistentvolumeclaims web/p-e")]
    [InlineData("patch persistentvolumeclaims/status web/claim")]
    [InlineData("get persistentvolumes /v")]
    [InlineData("get volumeattachments.storage.k8s.io /att")]
    [InlineData("get resourceclaims.resource.k8s.io web/gpu-1")]
    [InlineData("create serviceaccounts/token web/robot")]
    [InlineData("get pods web/p")]
    [InlineData("list pods / spec.nodeName=n1")]
    [InlineData("update pods/status web/whatever")]
    [InlineData("get nodes /n1")]
    [InlineData("patch nodes/status /n1")]
    [InlineData("create leases.coordination.k8s.io kube-node-lease/")]
    [InlineData("update leases.coordination.k8s.io kube-node-lease/n1")]
    [InlineData("create events web/")]
    [InlineData("list services /")]
    public async Task A_node_may_what_its_pods_need(string question) => Assert.Equal((true, ""), await AskAsync(question));

    [Theory]
    [InlineData("get secrets web/other", Unrelated)]
    [InlineData("get secrets web/stolen", Unrelated)]
    [InlineData("get secrets other/pull", Unrelated)]
    [InlineData("list secrets web/", "No Object name found")]
    [InlineData("list secrets /", "can only read namespaced object of this type")]
    [InlineData("update secrets web/pull", "can only read resources of this type")]
    [InlineData("list persistentvolumes /", "can only get individual resources of this type")]
    [InlineData("get persistentvolumes /w", Unrelated)]
    [InlineData("create serviceaccounts/token web/default", Unrelated)]
    [InlineData("get pods web/q", Unrelated)]
    [InlineData("list pods /", "can only list/watch pods with spec.nodeName field selector")]
    [InlineData("list pods / spec.nodeName=n2", "can only list/watch pods with spec.nodeName field selector")]
    [InlineData("get nodes /n2", "node 'n1' cannot read 'n2', only its own Node object")]
    [InlineData("list nodes /", "node 'n1' cannot read all nodes, only its own Node object")]
    [InlineData("get leases.coordination.k8s.io kube-node-lease/n2", "can only access node lease with the same name as the requesting node")]
    [InlineData("get leases.coordination.k8s.io kube-system/n1", "can only access leases in the \"kube-node-lease\" system namespace")]
    [InlineData("create deployments.apps web/", "")]
    public async Task And_nothing_else(string question, string why) => Assert.Equal((false, why), await AskAsync(question));

    [Fact]
    public async Task Only_members_of_the_nodes_group_are_nodes()
    {
        var request = Question("get nodes /n1");
        var authorizer = new NodeAuthorizer(objects);
        Assert.False((await authorizer.AuthorizeAsync(new UserInfo { Name = "system:node:n1" }, request, CancellationToken.None)).Allowed);
        Assert.Equal("unknown node for user \"system:node:\"", (await authorizer.AuthorizeAsync(UserInfo.Node(""), request, CancellationToken.None)).Reason);
        Assert.Equal("node authorizer does not support user rule resolution", authorizer.WhyRulesAreUnknown(UserInfo.Node("n1")));
    }

    private async Task<(bool, string)> AskAsync(string question)
    {
        var decision = await new NodeAuthorizer(objects).AuthorizeAsync(UserInfo.Node("n1"), Question(question), CancellationToken.None);
        return (decision.Allowed, decision.Reason);
    }

    private static RequestInfo Question(string text)
    {
        var words = text.Split(' ');
        var (type, place) = (words[1].Split('/'), words[2].Split('/'));
        var dot = type[0].IndexOf('.');
        return new RequestInfo
        {
            IsResourceRequest = true,
            Path = "/",
            Verb = words[0],
            Resource = dot < 0 ? type[0] : type[0][..dot],
            ApiGroup = dot < 0 ? "" : type[0][(dot + 1)..],
            Subresource = type.Length > 1 ? type[1] : "",
            Namespace = place[0],
            Name = place[1],
            FieldSelector = words.Length > 3 ? words[3] : "",
        };
    }
}
