namespace GrainKube.Benchmarks;

/// <summary>The rows measured so far.</summary>
internal sealed class Table
{
    private readonly List<(string Store, string What, string Value, string Budget)> rows = [];

    public void Add(string store, string what, string value, string budget)
    {
        rows.Add((store, what, value, budget));
        Console.WriteLine($"{store,-9} {what,-44} {value}");
    }

    /// <summary>As Markdown, ready for the README.</summary>
    public void Print()
    {
        Console.WriteLine("| What | Store | Measured | Budget |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var (store, what, value, budget) in rows)
        {
            Console.WriteLine($"| {what} | {store} | {value} | {budget} |");
        }
    }
}
