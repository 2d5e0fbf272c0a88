using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.PriorityLevelConfigurations;

internal sealed class PriorityLevelConfigurationColumns : KindColumns<V1PriorityLevelConfiguration>
{
    public PriorityLevelConfigurationColumns()
    {
        Name();
        Text("Type", item => item.Spec?.Type, "Exempt or Limited.");
        Cell(new TableColumn("NominalConcurrencyShares", "string", "Its part of all requests at once."), (item, _, _) => Shares(item) is { } shares ? (long)shares : CellTexts.None);
        Cell(new TableColumn("Queues", "string", "How many queues it has."), (item, _, _) => Queuing(item) is { } queuing ? (long)(queuing.Queues ?? 0) : CellTexts.None);
        Cell(new TableColumn("HandSize", "string", "How many queues a flow may use."), (item, _, _) => Queuing(item) is { } queuing ? (long)(queuing.HandSize ?? 0) : CellTexts.None);
        Cell(new TableColumn("QueueLengthLimit", "string", "How long a queue may be."), (item, _, _) => Queuing(item) is { } queuing ? (long)(queuing.QueueLengthLimit ?? 0) : CellTexts.None);
        Age();
    }

    private static int? Shares(V1PriorityLevelConfiguration item) => item.Spec?.Limited?.NominalConcurrencyShares ?? item.Spec?.Exempt?.NominalConcurrencyShares;

    private static V1QueuingConfiguration? Queuing(V1PriorityLevelConfiguration item) => item.Spec?.Limited?.LimitResponse?.Queuing;
}
