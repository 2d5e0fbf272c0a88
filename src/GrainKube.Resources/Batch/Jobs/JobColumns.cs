using System.Globalization;
using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

internal sealed class JobColumns : KindColumns<V1Job>
{
    public JobColumns()
    {
        Name();
        Text("Status", Status, "Status of the job.");
        Text("Completions", Completions, "How many pods have completed, and how many must.");
        Cell(new TableColumn("Duration", "string", "Time required to complete the job."), (item, _, now) => Duration(item, now));
        Age();
        WideText("Containers", item => CellTexts.ContainerNames(item.Spec?.Template), "Names of each container in the template.");
        WideText("Images", item => CellTexts.ContainerImages(item.Spec?.Template), "Images referenced by each container in the template.");
        WideText("Selector", item => CellTexts.Selector(item.Spec?.Selector), "Which pods belong to it.");
    }

    private static string Status(V1Job item) => Has(item, "Complete") ? "Complete"
        : Has(item, "Failed") ? "Failed"
        : item.Metadata?.DeletionTimestamp is not null ? "Terminating"
        : Has(item, "Suspended") ? "Suspended"
        : Has(item, "FailureTarget") ? "FailureTarget"
        : Has(item, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";

    private static bool Has(V1Job item, string condition) => item.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true;

    private static string Completions(V1Job item)
    {
        var done = item.Status?.Succeeded ?? 0;
        return item.Spec?.Completions is { } wanted ? Text($"{done}/{wanted}")
            : item.Spec?.Parallelism is { } parallel and > 1 ? Text($"{done}/1 of {parallel}") : Text($"{done}/1");
    }

    private static string Duration(V1Job item, DateTimeOffset now) => item.Status?.StartTime is not { } start ? ""
        : Ages.Of(start, item.Status.CompletionTime is { } end ? Ages.Utc(end) : now);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
