using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.ApiRegistration.APIServices;

internal sealed class APIServiceColumns : KindColumns<V1APIService>
{
    public APIServiceColumns()
    {
        Name();
        Text(
            "Service",
            item => item.Spec?.Service is { } service ? $"{service.NamespaceProperty}/{service.Name}" : "Local",
            "The reference to the service that hosts this API endpoint.");
        Text("Available", Available, "Whether this service is available.");
        Age();
    }

    private static string Available(V1APIService item) => item.Status?.Conditions?.FirstOrDefault(c => c.Type == "Available") switch
    {
        null => "Unknown",
        { Status: "True" } => "True",
        { } condition => $"{condition.Status} ({condition.Reason})",
    };
}
