using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

internal sealed class CertificateSigningRequestColumns : KindColumns<V1CertificateSigningRequest>
{
    public CertificateSigningRequestColumns()
    {
        Name();
        Age();
        Text("SignerName", item => CellTexts.OrNone(item.Spec?.SignerName), "Who is asked to sign.");
        Text("Requestor", item => item.Spec?.Username, "Who asks.");
        Text(
            "RequestedDuration",
            item => item.Spec?.ExpirationSeconds is { } s ? ApiMachinery.Tables.Age.Short(TimeSpan.FromSeconds(s)) : CellTexts.None,
            "For how long.");
        Text("Condition", Condition, "What came of it.");
    }

    private static string Condition(V1CertificateSigningRequest item)
    {
        var state = Has(item, "Denied") ? "Denied" : Has(item, "Approved") ? "Approved" : "Pending";
        return state + (Has(item, "Failed") ? ",Failed" : "") + (item.Status?.Certificate is { Length: > 0 } ? ",Issued" : "");
    }

    private static bool Has(V1CertificateSigningRequest item, string type) => item.Status?.Conditions?.Any(c => c.Type == type) == true;
}
