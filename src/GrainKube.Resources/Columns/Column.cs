using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.Resources.Columns;

/// <summary>A heading and the way to fill it.</summary>
/// <typeparam name="T">The kind's model.</typeparam>
/// <param name="Heading">What clients see at the top.</param>
/// <param name="Cell">The cell: a string, a whole number, a boolean or null. Arguments: the typed view, the object, the time.</param>
internal sealed record Column<T>(TableColumn Heading, Func<T, KubeObject, DateTimeOffset, object?> Cell);
