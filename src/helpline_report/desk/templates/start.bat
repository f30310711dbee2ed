@echo off
rem Opens the desk of this folder in a browser. Closing this window ends it.
cd /d "%~dp0"
set PROGRAM=helpline-report
if exist ..\..\.venv\Scripts\helpline-report.exe set PROGRAM=..\..\.venv\Scripts\helpline-report.exe
if exist ..\.venv\Scripts\helpline-report.exe set PROGRAM=..\.venv\Scripts\helpline-report.exe
if exist .venv\Scripts\helpline-report.exe set PROGRAM=.venv\Scripts\helpline-report.exe
"%PROGRAM%" desk EDITION --open
if errorlevel 1 pause
