using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.Resources.Columns;

/// <summary>
/// The columns of a kind, declared one after the other in the constructor of the derived type. Headings, types and texts are those of upstream's server-side printing.
/// </summary>
/// <typeparam name="T">The kind's model.</typeparam>
internal abstract class KindColumns<T> : IColumns where T : class
{
    private readonly List<Column<T>> columns = [];
    private TableColumn[]? headings;

    public IReadOnlyList<TableColumn> Columns => headings ??= [.. columns.Select(c => c.Heading)];

    public IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now)
    {
        var view = item.As<T>();
        var cells = new object?[columns.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = columns[i].Cell(view, item, now);
        }

        return cells;
    }

    protected void Name() => columns.Add(new(NameAndAge.Name, (_, item, _) => item.Header.Name));

    protected void Age() => columns.Add(new(NameAndAge.CreatedAt, (_, item, now) => ApiMachinery.Tables.Age.Of(item.Header.CreationTimestamp, now)));

    /// <summary>A column of text; null shows as nothing.</summary>
    protected void Text(string name, Func<T, string?> cell, string description = "") =>
        columns.Add(new(new TableColumn(name, "string", description), (view, _, _) => cell(view) ?? ""));

    /// <summary>A column of text for <c>-o wide</c> only.</summary>
    protected void WideText(string name, Func<T, string?> cell, string description = "") =>
        columns.Add(new(new TableColumn(name, "string", description, Priority: 1), (view, _, _) => cell(view) ?? ""));

    protected void Number(string name, Func<T, long?> cell, string description = "") =>
        columns.Add(new(new TableColumn(name, "integer", description), (view, _, _) => cell(view) ?? 0));

    /// <summary>A whole number under a heading that upstream declares as text.</summary>
    protected void Count(string name, Func<T, long?> cell, string description = "") =>
        columns.Add(new(new TableColumn(name, "string", description), (view, _, _) => cell(view) ?? 0));

    /// <summary>The moment of creation itself, for kinds whose age says little.</summary>
    protected void CreatedAt() => columns.Add(new(
        new TableColumn("Created At", "date", NameAndAge.CreatedAt.Description),
        (_, item, _) => item.Header.CreationTimestamp is { } time ? GoTime.Format(time) : null));

    protected void Flag(string name, Func<T, bool?> cell, string description = "") =>
        columns.Add(new(new TableColumn(name, "boolean", description), (view, _, _) => cell(view) ?? false));

    /// <summary>Time that has passed since a moment in the object.</summary>
    protected void Since(string name, Func<T, DateTime?> moment, string absent, string description = "", int priority = 0) =>
        columns.Add(new(new TableColumn(name, "string", description, priority), (view, _, now) => Ages.Of(moment(view), now, absent)));

    /// <summary>Any other column.</summary>
    protected void Cell(TableColumn heading, Func<T, KubeObject, DateTimeOffset, object?> cell) => columns.Add(new(heading, cell));
}
