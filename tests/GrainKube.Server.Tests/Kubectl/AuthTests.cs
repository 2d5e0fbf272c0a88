using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class AuthTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task What_a_user_may_is_listed(string version)
    {
        var kubectl = await NewAsync(version);
        Assert.Matches(@"\*\.\* +\[\] +\[\] +\[\*\]", await kubectl.OkAsync("auth", "can-i", "--list"));
        await kubectl.OkAsync("create", "rolebinding", "viewer", "--clusterrole=view", "--user=jane");
        var jane = await Eventually.GetAsync( // a controller puts the role together, and authorizers follow what is written
            () => kubectl.OkAsync("auth", "can-i", "--list", "--as=jane"), text => Regex.IsMatch(text, @"pods/log +\[\] +\[\] +\[get list watch\]"), "what a viewer may");
        Assert.Matches(@"selfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]", jane);
        Assert.Equal("yes\n", await kubectl.OkAsync("auth", "can-i", "get", "pods", "--subresource=log", "--as=jane"));
        Assert.StartsWith("no", (await kubectl.RunAsync("auth", "can-i", "delete", "pods", "--as=jane")).Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Roles_are_reconciled_with_what_is_wanted(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.OkAsync("create", "role", "reader", "--verb=get", "--resource=pods");
        var wanted = $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: {{kubectl.Namespace}} }
            rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: reader, namespace: {{kubectl.Namespace}} }
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: joe}]
            """;
        var said = (await kubectl.RunWithAsync(wanted, "auth", "reconcile", "-f", "-")).Ok();
        Assert.Contains("role.rbac.authorization.k8s.io/reader reconciled", said, StringComparison.Ordinal);
        Assert.Contains("rolebinding.rbac.authorization.k8s.io/reader reconciled", said, StringComparison.Ordinal);
        await Eventually.GetAsync(() => kubectl.RunAsync("auth", "can-i", "list", "configmaps", "--as=joe"), answer => answer.Output == "yes\n", "what the role gives");
        Assert.Equal("yes\n", await kubectl.OkAsync("auth", "can-i", "get", "pods", "--as=joe"));
    }

    [Fact]
    public async Task A_user_is_told_who_he_is()
    {
        var kubectl = Cluster.Kubectl();
        Assert.Matches(@"Username +kubernetes-admin\nGroups +\[system:masters system:authenticated\]", await kubectl.OkAsync("auth", "whoami"));
        Assert.Matches(@"Username +joe\nUID +7\nGroups +\[ops system:authenticated\]", await kubectl.OkAsync("auth", "whoami", "--as=joe", "--as-group=ops", "--as-uid=7"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_certificate_is_asked_for_approved_and_issued(string version)
    {
        var kubectl = await NewAsync(version);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest($"CN={kubectl.Namespace}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        await kubectl.ApplyAsync($$"""
            apiVersion: certificates.k8s.io/v1
            kind: CertificateSigningRequest
            metadata: {name: {{kubectl.Namespace}} }
            spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(pem))}} }
            """);
        Assert.Matches("kubernetes-admin +<none> +Pending", await kubectl.OkAsync("get", "csr", kubectl.Namespace));
        Assert.Contains("approved", await kubectl.OkAsync("certificate", "approve", kubectl.Namespace), StringComparison.Ordinal);
        var issued = await kubectl.UntilAsync($"csr/{kubectl.Namespace}", "{.status.certificate}", text => text.Length > 0, "issued");
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(issued)));
        Assert.Equal($"CN={kubectl.Namespace}", certificate.Subject);
        Assert.Matches("Approved,Issued", await kubectl.OkAsync("get", "csr", kubectl.Namespace));
        await kubectl.OkAsync("delete", "csr", kubectl.Namespace);
    }
}
