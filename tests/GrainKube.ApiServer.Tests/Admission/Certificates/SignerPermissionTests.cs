using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.Certificates;
using GrainKube.ApiServer.Tests.Authorization;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Certificates;

public sealed class SignerPermissionTests
{
    private const string Group = "certificates.k8s.io";
    private readonly Access access = new Access()
        .Let("approver", "", "approve", Group, "signers", "example.com/own")
        .Let("domain", "", "approve,sign,attest", Group, "signers", "example.com/*");

    [Fact]
    public async Task Who_may_approve_for_a_signer_or_its_domain_approves()
    {
        var plugin = new CertificateApproval(new SignerPermission(access.Question));
        await Request("approver", "approval").ValidatedByAsync(plugin);
        await Request("domain", "approval").ValidatedByAsync(plugin);
        Assert.EndsWith("user not permitted to approve requests with signerName \"example.com/own\"", (await Request("joe", "approval").RefusedByAsync(plugin)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_sign_issues_and_others_may_change_nothing_that_says_so()
    {
        var plugin = new CertificateSigning(new SignerPermission(access.Question));
        await Request("domain", "status", """{"certificate":"x"}""").ValidatedByAsync(plugin);
        await Request("approver", "status", "{}").ValidatedByAsync(plugin);
        Assert.EndsWith("user not permitted to sign requests with signerName \"example.com/own\"", (await Request("approver", "status", """{"certificate":"x"}""").RefusedByAsync(plugin)).Message, StringComparison.Ordinal);
        Assert.Equal(403, (await Request("approver", "status", """{"conditions":[{"type":"Failed"}]}""").RefusedByAsync(plugin)).Code);
    }

    [Fact]
    public async Task Who_may_attest_writes_trust_bundles()
    {
        var plugin = new ClusterTrustBundleAttest(new SignerPermission(access.Question));
        AdmissionRequest Bundle(string user) => Asking.Create("clustertrustbundles", "", "b", """{"spec":{"signerName":"example.com/own"}}""", Group, Access.User(user));
        await Bundle("domain").ValidatedByAsync(plugin);
        Assert.EndsWith("user not permitted to attest for signerName \"example.com/own\"", (await Bundle("joe").RefusedByAsync(plugin)).Message, StringComparison.Ordinal);
    }

    private static AdmissionRequest Request(string user, string subresource, string status = "{}") => Asking.Create(
        "certificatesigningrequests", "", "r", $$"""{"spec":{"signerName":"example.com/own"},"status":{{status}} }""", Group, Access.User(user), AdmissionOperation.Update,
        """{"spec":{"signerName":"example.com/own"},"status":{}}""", subresource);
}
