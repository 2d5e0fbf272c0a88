using GrainKube.ApiMachinery.Cel.Checking;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>All functions that Kubernetes 1.37 gives to expressions.</summary>
internal static class Libraries
{
    public static FunctionTable Create()
    {
        var table = new FunctionTable();
        Operators.AddTo(table);
        Conversions.AddTo(table);
        TimeFunctions.AddTo(table);
        StringFunctions.AddTo(table);
        ListFunctions.AddTo(table);
        SetFunctions.AddTo(table);
        OptionalFunctions.AddTo(table);
        RegexFunctions.AddTo(table);
        UrlFunctions.AddTo(table);
        QuantityFunctions.AddTo(table);
        NetFunctions.AddTo(table);
        SemverFunctions.AddTo(table);
        FormatFunctions.AddTo(table);
        AuthorizerFunctions.AddTo(table);
        return table;
    }
}
