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
        OrNone("NominalConcurrencyShares", Shares, "Its part of all requests at once.");
        OrNone("Queues", item => Queuing(item)?.Queues, "How many queues it has.");
        OrNone("HandSize", item => Queuing(item)?.HandSize, "How many queues a flow may use.");
        OrNone("QueueLengthLimit", item => Queuing(item)?.QueueLengthLimit, "How long a queue may be.");
        Age();
    }

    private void OrNone(string name, Func<V1PriorityLevelConfiguration, int?> number, string description) =>
        Cell(new TableColumn(name, "string", description), (item, _, _) => number(item) is { } value ? (long)value : CellTexts.None);

    private static int? Shares(V1PriorityLevelConfiguration item) =>
        item.Spec?.Limited?.NominalConcurrencyShares ?? item.Spec?.Exempt?.NominalConcurrencyShares;

    private static V1QueuingConfiguration? Queuing(V1PriorityLevelConfiguration item) => item.Spec?.Limited?.LimitResponse?.Queuing;
}
