using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Tables;

/// <summary>What <c>kubectl get</c> shows of a kind.</summary>
public interface IColumns
{
    /// <summary>The headings, starting with Name.</summary>
    IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>One row: a string, long, bool or null for each column, as upstream's printer gives them (ages are texts such as <c>5m</c>).</summary>
    IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now);
}
