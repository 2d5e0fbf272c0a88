using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Certificates.PodCertificateRequests;

internal sealed class PodCertificateRequestColumns : KindColumns<V1PodCertificateRequest>
{
    public PodCertificateRequestColumns()
    {
        Name();
        Text("PodName", item => item.Spec?.PodName, "The pod the certificate is for.");
        Text("ServiceAccountName", item => item.Spec?.ServiceAccountName, "Its service account.");
        Text("NodeName", item => item.Spec?.NodeName, "Its node.");
        Text("SignerName", item => item.Spec?.SignerName, "Who is asked to sign.");
        Text("State", State, "What came of it.");
    }

    private static string State(V1PodCertificateRequest item) =>
        item.Status?.Conditions?.FirstOrDefault(c => c.Type is "Issued" or "Denied" or "Failed" && c.Status == "True")?.Type ?? "Pending";
}
