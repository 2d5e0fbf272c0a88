using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>May somebody speak for a signer: for that one, or for all of its domain.</summary>
internal sealed class SignerPermission(AccessQuestion question)
{
    /// <param name="user">Who asks.</param>
    /// <param name="verb"><c>approve</c>, <c>sign</c> or <c>attest</c>.</param>
    /// <param name="signer">Name of the signer.</param>
    /// <param name="cancel">Stops the question.</param>
    public async ValueTask<bool> HasAsync(UserInfo user, string verb, string signer, CancellationToken cancel)
    {
        var domain = signer.Split('/')[0] + "/*";
        return await AskAsync(user, verb, signer, cancel) || await AskAsync(user, verb, domain, cancel);
    }

    private async ValueTask<bool> AskAsync(UserInfo user, string verb, string name, CancellationToken cancel) => (await question.AskAsync(
        new AccessAttributes { User = user, Verb = verb, ApiGroup = "certificates.k8s.io", ApiVersion = "*", Resource = "signers", Name = name }, cancel)).Allowed;
}
