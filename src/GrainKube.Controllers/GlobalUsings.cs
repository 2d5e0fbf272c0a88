global using GrainKube.Reconciliation;
