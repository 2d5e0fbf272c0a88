using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiServer.Authorization;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>May somebody speak for a signer: for that one, or for all of its domain.</summary>
internal sealed class SignerPermission(AccessQuestion question)
{
    /// <param name="request">Who asks.</param>
    /// <param name="verb"><c>approve</c>, <c>sign</c> or <c>attest</c>.</param>
    /// <param name="signer">Name of the signer.</param>
    /// <param name="cancel">Stops the question.</param>
    /// <exception cref="UnansweredCheckException">Only somebody outside knows.</exception>
    public async ValueTask<bool> HasAsync(AdmissionRequest request, string verb, string signer, CancellationToken cancel)
    {
        var checks = new AccessChecks(question, request);
        var asked = new AccessCheck { Verb = verb, Group = "certificates.k8s.io", Resource = "signers", Name = signer };
        return await checks.MayAsync(asked, cancel) || await checks.MayAsync(asked with { Name = signer.Split('/')[0] + "/*" }, cancel);
    }
}
